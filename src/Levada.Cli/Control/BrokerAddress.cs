using Levada.Configuration;

namespace Levada.Cli.Control;

/// <summary>
/// Where a broker's HTTP API is and who asks. Options win over a saved profile, that over LEVADA_API_URI; the last
/// resort is guest on this machine.
/// </summary>
internal sealed record BrokerAddress(Uri Uri, string Credentials, bool Insecure)
{
    public const string Variable = "LEVADA_API_URI";
    private const string Default = "http://guest:guest@localhost:15672";

    /// <summary>Where profiles are: a section each, with the key `uri`.</summary>
    public static string ProfileFile => Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "levada", "profiles");

    /// <exception cref="ControlException">An address or profile that makes no sense.</exception>
    public static BrokerAddress Find(AddressOptions given, System.Collections.IDictionary environment)
    {
        var text = given.Uri
            ?? (given.Profile is { } profile ? FromProfile(profile) : null)
            ?? (given.Host is null && given.Port is null ? (string?)environment[Variable] : null);
        if (!Uri.TryCreate(text ?? Default, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new ControlException(ControlExit.Usage, $"'{text}' is no http:// or https:// address");
        var credentials = Uri.UnescapeDataString(uri.UserInfo);
        var builder = new UriBuilder(uri) { UserName = "", Password = "" };
        if (given.Host is { } host)
            builder.Host = host;
        if (given.Port is { } port)
            builder.Port = port;
        else if (uri.IsDefaultPort)
            builder.Port = uri.Scheme == "https" ? 15671 : 15672;
        if (given.User is { } user)
            credentials = $"{user}:{given.Password}";
        return new BrokerAddress(
            builder.Uri, credentials.Length > 0 ? credentials : "guest:guest", given.Insecure);
    }

    private static string FromProfile(string name)
    {
        try
        {
            return ConfigurationFile.Read(ProfileFile)
                .LastOrDefault(s => s.Name == $"{name}.uri")?.Value
                ?? throw new ControlException(
                    ControlExit.Usage, $"{ProfileFile} has no section [{name}] with a key `uri`");
        }
        catch (ConfigurationException e)
        {
            throw new ControlException(ControlExit.Usage, e.Message);
        }
    }
}
