using System.Collections;

namespace Levada.Cli.Control;

/// <summary>
/// Where a broker's HTTP API is and who asks. The command line comes first, then the environment, then the profile in
/// use, then a broker's socket on this machine; the last resort is guest on this machine.
/// </summary>
internal sealed record BrokerAddress
{
    public const string Variable = "LEVADA_API_URI";
    private const string Default = "http://guest:guest@localhost:15672";
    private const string UsualDataFolder = "/var/lib/levada";

    /// <summary>The broker's own socket, where whoever may open it is the operator; null for HTTP by TCP.</summary>
    public string? Socket { get; init; }

    public required Uri Uri { get; init; }

    /// <summary>User and password with a colon between; null to show none.</summary>
    public string? Credentials { get; init; }

    public TlsFiles Tls { get; init; } = new();

    /// <summary>What led here, for messages.</summary>
    public required string Why { get; init; }

    /// <summary>Whom messages name.</summary>
    public string Name => Socket ?? Uri.GetLeftPart(UriPartial.Authority);

    /// <param name="given">The command line.</param>
    /// <param name="environment">Variables.</param>
    /// <param name="profiles">What is saved.</param>
    /// <exception cref="ControlException">An address or profile that makes no sense.</exception>
    public static BrokerAddress Find(AddressOptions given, IDictionary environment, ProfileFile profiles)
    {
        if (given.Socket is { } socket)
            return OfSocket(socket, "--socket") with { Credentials = CredentialsOf(given) };
        if (given.Uri is { } uri)
            return OfUri(uri, given, "--uri");
        if (given.Profile is { } name)
            return OfProfile(profiles.Find(name), given, $"profile {name}");
        if (given.Host is not null || given.Port is not null)
            return OfUri(Default, given, given.Host is null ? "--port" : "--hostname");
        if (Variable is var variable && environment[variable] is string { Length: > 0 } fromVariable)
            return OfUri(fromVariable, given, variable);
        if (environment["LAVINMQCTL_HOST"] is string { Length: > 0 } host)
        {
            var whole = host.Contains("://", StringComparison.Ordinal) ? host : $"http://{host}";
            return OfUri(whole, given, "LAVINMQCTL_HOST");
        }
        foreach (var path in (string[])["LEVADA_CONTROL_UNIX_PATH", "LAVINMQCTL_CONTROL_UNIX_PATH"])
        {
            if (environment[path] is string { Length: > 0 } named)
                return OfSocket(named, path) with { Credentials = CredentialsOf(given) };
        }
        if (profiles.InUse is { } used)
            return OfProfile(profiles.Find(used), given, $"profile {used}, which is in use");
        if (given.User is not null)
            return OfUri(Default, given, "--user");
        return Sockets(environment).Where(MayOpen).Select(static path => OfSocket(path, "a broker's socket here"))
            .FirstOrDefault() ?? OfUri(Default, given, "nothing else was said");
    }

    private static IEnumerable<string> Sockets(IDictionary environment)
    {
        if (environment["LEVADA_DATA_DIR"] is string { Length: > 0 } folder)
            yield return Path.Combine(folder, BrokerOptions.ControlSocketName);
        yield return Path.GetFullPath(Path.Combine("data", BrokerOptions.ControlSocketName));
        yield return Path.Combine(UsualDataFolder, BrokerOptions.ControlSocketName);
    }

    // A socket's file with the mode 0600: its owner and root may.
    private static bool MayOpen(string path)
    {
        if (OperatingSystem.IsWindows())
            return false;
        try
        {
            using var probe = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, 0);
            probe.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            return false;
        }
    }

    private static BrokerAddress OfSocket(string path, string why) => new()
    {
        Socket = Path.GetFullPath(path), Uri = new Uri("http://localhost/"), Why = why,
    };

    private static BrokerAddress OfProfile(Profile profile, AddressOptions given, string why) =>
        OfUri(profile.Uri, given with { Tls = given.Tls.Or(profile.Tls) }, why);

    private static BrokerAddress OfUri(string text, AddressOptions given, string why)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ControlException(ControlExit.Usage, $"{why}: '{text}' is no http:// or https:// address");
        var builder = new UriBuilder(uri) { UserName = "", Password = "" };
        if (given.Host is { } host)
            builder.Host = host;
        if (given.Port is { } port)
            builder.Port = port;
        else if (uri.IsDefaultPort)
            builder.Port = uri.Scheme == "https" ? 15671 : 15672;
        var inUri = Uri.UnescapeDataString(uri.UserInfo);
        // A name and a password would go before the certificate.
        var usual = given.Tls.Certificate is null ? "guest:guest" : null;
        return new BrokerAddress
        {
            Uri = builder.Uri, Credentials = CredentialsOf(given) ?? (inUri.Length > 0 ? inUri : usual),
            Tls = given.Tls, Why = why,
        };
    }

    private static string? CredentialsOf(AddressOptions given) =>
        given.User is { } user ? $"{user}:{given.Password ?? "guest"}" : null;
}
