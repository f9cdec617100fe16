using System.Net;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>What <c>levada proxy</c> is started with. Does not change while it runs.</summary>
internal sealed record ProxyOptions
{
    /// <summary>Where clients connect. The loopback, because brokers often trust local connections.</summary>
    public IPAddress Listen { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = 5673;

    /// <summary>For /healthz and /metrics; negative is off, 0 takes a free one.</summary>
    public int HttpPort { get; init; } = -1;

    public string UpstreamHost { get; init; } = "localhost";

    public int UpstreamPort { get; init; } = 5672;

    public bool UpstreamTls { get; init; }

    /// <summary>PEM file with roots that the broker's certificate must come from; null: those of the machine.</summary>
    public string? UpstreamCaFile { get; init; }

    /// <summary>Accept any certificate of the broker.</summary>
    public bool UpstreamInsecure { get; init; }

    /// <summary>PEM file of the certificate shown to clients; null: no TLS.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Channels on one shared upstream connection, before another is opened.</summary>
    public int MaxUpstreamChannels { get; init; } = 200;

    /// <summary>Open channels kept ready on each shared upstream connection.</summary>
    public int SpareChannels { get; init; } = 8;

    /// <summary>How long a shared upstream connection without clients' channels is kept.</summary>
    public TimeSpan IdleConnectionTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public int MaxClients { get; init; } = 10_000;

    /// <summary>Octets that may wait for a client that shares its upstream connection.</summary>
    public int ClientBuffer { get; init; } = 64 << 20;

    /// <summary>Octets of one message that a client publishes.</summary>
    public int MaxMessageSize { get; init; } = 128 << 20;

    /// <summary>How long clients may go on after SIGTERM.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the whole handshake of a client, and for each with the broker.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public LogLevel LogLevel { get; init; } = LogLevel.Information;

    public string Upstream => $"{(UpstreamTls ? "amqps" : "amqp")}://{UpstreamHost}:{UpstreamPort}";
}
