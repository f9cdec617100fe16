using System.CommandLine;
using System.Net;
using Levada.Cli.Server;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary><c>levada proxy</c>: its options.</summary>
internal static class ProxyCommand
{
    private static readonly ProxyOptions Usual = new();

    private static readonly Option<string> Listen = Option(
        "--listen", "ADDR", "Address for clients and HTTP; '::' is every one.", Usual.Listen.ToString());

    private static readonly Option<int> Port = Option(
        "--port", "N", "Port for clients; 0 takes a free one.", Usual.Port);

    private static readonly Option<string> Upstream = Option(
        "--upstream", "URI", "The broker: amqp[s]://host[:port].", "amqp://localhost:5672");

    private static readonly Option<int> HttpPort = Option(
        "--http-port", "N", "Port for /healthz and /metrics; -1 is off, 0 takes a free one.", Usual.HttpPort);

    private static readonly Option<string?> Certificate = Option<string?>(
        "--cert", "FILE", "PEM file with a certificate and its chain: clients must use TLS then.", null);

    private static readonly Option<string?> Key = Option<string?>(
        "--key", "FILE", "PEM file with the private key, if it is not in the other.", null);

    private static readonly Option<string?> UpstreamCa = Option<string?>(
        "--upstream-ca", "FILE", "PEM file with the roots that the broker's certificate must come from.", null);

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Accept any certificate of the broker (self-signed, another name).",
    };

    private static readonly Option<int> MaxUpstreamChannels = Option(
        "--max-upstream-channels", "N", "Channels on a shared connection before another one is opened.",
        Usual.MaxUpstreamChannels);

    private static readonly Option<int> SpareChannels = Option(
        "--spare-channels", "N", "Open channels kept ready on each shared connection.", Usual.SpareChannels);

    private static readonly Option<int> IdleConnectionTimeout = Option(
        "--idle-connection-timeout", "SECONDS", "How long a shared connection is kept when no client uses it.",
        (int)Usual.IdleConnectionTimeout.TotalSeconds);

    private static readonly Option<int> MaxClients = Option(
        "--max-clients", "N", "Clients at a time; more are turned away.", Usual.MaxClients);

    private static readonly Option<int> ClientBuffer = Option(
        "--client-buffer", "BYTES", "What may wait for a client that does not read and shares its connection.",
        Usual.ClientBuffer);

    private static readonly Option<int> MaxMessageSize = Option(
        "--max-message-size", "BYTES", "The largest message that a client may publish.", Usual.MaxMessageSize);

    private static readonly Option<int> DrainTimeout = Option(
        "--drain-timeout", "SECONDS", "How long clients may go on after SIGTERM.",
        (int)Usual.DrainTimeout.TotalSeconds);

    private static readonly Option<LogLevel> Level = Option(
        "--log-level", "LEVEL", "debug, information, warning, error or none.", Usual.LogLevel);

    public static Command Create()
    {
        var command = new Command(
            "proxy",
            "Runs a proxy for AMQP 0-9-1 that keeps connections to a broker open, and lets clients which cannot, such "
            + "as PHP, share them.")
        {
            Listen, Port, Upstream, HttpPort, Certificate, Key, UpstreamCa, Insecure, MaxUpstreamChannels,
            SpareChannels, IdleConnectionTimeout, MaxClients, ClientBuffer, MaxMessageSize, DrainTimeout, Level,
        };
        command.SetAction((result, _) => RunAsync(result));
        return command;
    }

    /// <exception cref="FormatException">An option makes no sense; the message says which.</exception>
    internal static ProxyOptions Read(ParseResult result)
    {
        var upstream = ReadUpstream(result.GetRequiredValue(Upstream));
        if (!IPAddress.TryParse(result.GetRequiredValue(Listen), out var listen))
            throw new FormatException($"--listen '{result.GetRequiredValue(Listen)}' is not an IP address");
        if (result.GetValue(Key) is not null && result.GetValue(Certificate) is null)
            throw new FormatException("--key needs --cert");
        return new ProxyOptions
        {
            Listen = listen,
            Port = Within(result, Port, 0, ushort.MaxValue),
            HttpPort = Within(result, HttpPort, -1, ushort.MaxValue),
            UpstreamHost = upstream.Host,
            UpstreamPort = upstream.Port,
            UpstreamTls = upstream.Tls,
            UpstreamCaFile = result.GetValue(UpstreamCa),
            UpstreamInsecure = result.GetValue(Insecure),
            CertificateFile = result.GetValue(Certificate),
            KeyFile = result.GetValue(Key),
            MaxUpstreamChannels = Within(result, MaxUpstreamChannels, 1, ushort.MaxValue),
            SpareChannels = Within(result, SpareChannels, 0, ushort.MaxValue),
            IdleConnectionTimeout = TimeSpan.FromSeconds(Within(result, IdleConnectionTimeout, 1, int.MaxValue)),
            MaxClients = Within(result, MaxClients, 1, int.MaxValue),
            ClientBuffer = Within(result, ClientBuffer, 64 << 10, 1 << 30),
            MaxMessageSize = Within(result, MaxMessageSize, 1, 512 << 20),
            DrainTimeout = TimeSpan.FromSeconds(Within(result, DrainTimeout, 0, int.MaxValue)),
            LogLevel = result.GetValue(Level),
        };
    }

    private static async Task<int> RunAsync(ParseResult result)
    {
        ProxyOptions options;
        try
        {
            options = Read(result);
        }
        catch (FormatException e)
        {
            await Console.Error.WriteLineAsync($"levada proxy: {e.Message}");
            return ExitCode.BadConfiguration;
        }
        return await ProxyHost.RunAsync(options);
    }

    private static (string Host, int Port, bool Tls) ReadUpstream(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("amqp" or "amqps")
            || uri.Host.Length == 0)
        {
            throw new FormatException($"--upstream '{text}' is not amqp[s]://host[:port]");
        }
        if (uri.UserInfo.Length > 0 || uri.AbsolutePath.Trim('/').Length > 0)
            throw new FormatException("--upstream names only the broker: user and virtual host come from the clients");
        var tls = uri.Scheme == "amqps";
        return (uri.DnsSafeHost, uri.Port > 0 ? uri.Port : tls ? 5671 : 5672, tls);
    }

    private static int Within(ParseResult result, Option<int> option, int least, int most)
    {
        var value = result.GetValue(option);
        return value >= least && value <= most
            ? value
            : throw new FormatException($"{option.Name} {value} is not between {least} and {most}");
    }

    private static Option<T> Option<T>(string name, string helpName, string description, T usual) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => usual };
}
