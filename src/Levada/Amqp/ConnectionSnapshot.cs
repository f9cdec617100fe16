using System.Net;
using System.Security.Authentication;
using Levada.Auth;
using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>A connection at one moment, taken in one turn of it. Ages are counted back from that moment.</summary>
public sealed record ConnectionSnapshot
{
    /// <summary>`peer:port -> host:port`, as RabbitMQ names connections.</summary>
    public required string Name { get; init; }

    /// <summary>What the client calls it; empty if it does not.</summary>
    public required string ClientName { get; init; }

    /// <summary>
    /// starting, tuning, opening, running, flow (its publishes are slowed down, or were a few seconds ago), blocking
    /// (an alarm is on), blocked (and it has published), closing, closed.
    /// </summary>
    public required string State { get; init; }

    public required TimeSpan InStateFor { get; init; }

    /// <summary>Empty before connection.open.</summary>
    public required string VHost { get; init; }

    /// <summary>Empty before the login.</summary>
    public required string User { get; init; }

    public EndPoint? Peer { get; init; }

    public EndPoint? Local { get; init; }

    public required bool IsTls { get; init; }

    public SslProtocols TlsVersion { get; init; }

    public string TlsCipher { get; init; } = "";

    /// <summary>Of the client's certificate; null if it showed none.</summary>
    public CertificateFacts? Certificate { get; init; }

    public required string Mechanism { get; init; }

    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>As negotiated; 0 is unlimited.</summary>
    public required int ChannelMax { get; init; }

    public required long FrameMax { get; init; }

    /// <summary>Seconds; 0 is none.</summary>
    public required int Heartbeat { get; init; }

    public required FieldTable ClientProperties { get; init; }

    /// <summary>Open now, those being closed included.</summary>
    public required int Channels { get; init; }

    /// <summary>Since the connection was opened.</summary>
    public required long ChannelsOpened { get; init; }

    public required int Consumers { get; init; }

    public required long Unacknowledged { get; init; }

    public required long Unconfirmed { get; init; }

    public required long Uncommitted { get; init; }

    public required MessageCounters Counters { get; init; }

    /// <summary>The figures of <see cref="RatesOver"/> ago.</summary>
    public required MessageCounters Before { get; init; }

    public required TimeSpan RatesOver { get; init; }

    public required TimeSpan LastReceivedAgo { get; init; }

    public required TimeSpan LastSentAgo { get; init; }

    /// <summary>Whole heartbeat intervals without an octet from the client.</summary>
    public required int HeartbeatsMissed { get; init; }

    /// <summary>As the kernel measures it; null where it does not.</summary>
    public TimeSpan? RoundTripTime { get; init; }

    /// <summary>Bytes that wait for the client to read.</summary>
    public required long SendPending { get; init; }

    public required HeldBytes Held { get; init; }

    /// <summary>Bytes of all its memory: what it holds, itself, its channels and consumers.</summary>
    public required long Memory { get; init; }
}
