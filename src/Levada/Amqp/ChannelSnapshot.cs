using System.Net;

namespace Levada.Amqp;

/// <summary>
/// A channel at one moment, taken in a turn of its connection. Ages are counted back from that moment.
/// </summary>
public sealed record ChannelSnapshot
{
    /// <summary>The connection's name and, in brackets, the number.</summary>
    public required string Name { get; init; }

    public required int Number { get; init; }

    public required string ConnectionName { get; init; }

    /// <summary>What the client calls the connection; empty if it does not.</summary>
    public required string ClientName { get; init; }

    public EndPoint? Peer { get; init; }

    public required string VHost { get; init; }

    public required string User { get; init; }

    /// <summary>running, flow (its publishes are slowed down, or the client has paused deliveries),
    /// paused (by an operator, or the node is drained), closing.</summary>
    public required string State { get; init; }

    public required TimeSpan InStateFor { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    public required TimeSpan OpenFor { get; init; }

    public required bool IsConfirming { get; init; }

    public required bool IsTransactional { get; init; }

    public required int Consumers { get; init; }

    /// <summary>Of later consumers; 0 is unlimited.</summary>
    public required int Prefetch { get; init; }

    /// <summary>Of the channel; 0 is unlimited.</summary>
    public required int GlobalPrefetch { get; init; }

    public required int Unacknowledged { get; init; }

    public required long Unconfirmed { get; init; }

    /// <summary>Publishes of the open transaction.</summary>
    public required int Uncommitted { get; init; }

    /// <summary>Settles of the open transaction.</summary>
    public required int AcksUncommitted { get; init; }

    public required MessageCounters Counters { get; init; }

    /// <summary>The figures of <see cref="RatesOver"/> ago.</summary>
    public required MessageCounters Before { get; init; }

    public required TimeSpan RatesOver { get; init; }

    public required TimeSpan LastReceivedAgo { get; init; }

    /// <summary>Since a message was delivered to it, exact to a quarter of a second.</summary>
    public required TimeSpan LastDeliveredAgo { get; init; }

    public TimeSpan IdleFor => LastReceivedAgo < LastDeliveredAgo ? LastReceivedAgo : LastDeliveredAgo;

    public required HeldBytes Held { get; init; }

    /// <summary>Bytes of all its memory: what it holds, itself and its consumers.</summary>
    public required long Memory { get; init; }

    public required IReadOnlyList<ConsumerSnapshot> ConsumerList { get; init; }
}
