namespace Levada.Cli.Perf.Client;

/// <summary>
/// Where to connect and as whom, from <c>amqp://user:password@host:port/vhost</c>: every part may be left out but the
/// scheme, and every part may be percent-encoded (the default virtual host can be written as <c>/%2F</c>).
/// </summary>
internal sealed record AmqpUri(bool Tls, string Host, int Port, string User, string Password, string VirtualHost)
{
    public const string Default = "amqp://guest:guest@localhost";

    /// <summary>Accept any certificate of the broker: it is self-signed, or its name is another one.</summary>
    public bool Insecure { get; init; }

    /// <exception cref="FormatException">The text is no AMQP address; the message says what is wrong.</exception>
    public static AmqpUri Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)) throw new FormatException($"'{text}' is not a URI");
        if (uri.Scheme is not ("amqp" or "amqps"))
        {
            throw new FormatException($"the scheme of '{text}' must be amqp or amqps, it is {uri.Scheme}");
        }
        var tls = uri.Scheme == "amqps";
        var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
        var user = colon < 0 ? uri.UserInfo : uri.UserInfo[..colon];
        var path = uri.AbsolutePath.TrimStart('/');
        return new AmqpUri(
            tls,
            uri.DnsSafeHost.Length == 0 ? "localhost" : uri.DnsSafeHost,
            uri.Port > 0 ? uri.Port : tls ? 5671 : 5672,
            user.Length == 0 ? "guest" : Uri.UnescapeDataString(user),
            colon < 0 ? "guest" : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]),
            path.Length == 0 ? "/" : Uri.UnescapeDataString(path));
    }

    /// <summary>Without the password, for messages.</summary>
    public override string ToString() => $"{(Tls ? "amqps" : "amqp")}://{User}@{Host}:{Port}/{VirtualHost}";
}
