using Levada.Counting;
using Levada.Journal;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// A consumer of a queue. Its definition never changes but for the prefetch; what its shard counts is touched on the
/// shard's turn only.
/// </summary>
public sealed class Consumer
{
    public required Queue Queue { get; init; }

    public required IDeliveryTarget Target { get; init; }

    public required string Tag { get; init; }

    /// <summary>Deliveries are settled as they are sent.</summary>
    public required bool NoAck { get; init; }

    public required bool Exclusive { get; init; }

    /// <summary>x-priority: higher ones are served first while they have room.</summary>
    public int Priority { get; init; }

    /// <summary>
    /// How many unsettled deliveries it may hold as basic.qos or an operator has it; 0 is unlimited. Ignored by no-ack
    /// consumers.
    /// </summary>
    /// <remarks>Owner: the shard's turn; read by others to be shown.</remarks>
    public int AskedPrefetch
    {
        get;
        internal set => field = Prefetch = value;
    }

    /// <summary>The same, as far as its queue's policies allow it.</summary>
    /// <remarks>Owner: the shard's turn; read by others to be shown.</remarks>
    public int Prefetch { get; private set; }

    /// <summary>
    /// How old an unsettled delivery to it may become before it is cancelled, in ms; 0 is no limit.
    /// </summary>
    /// <remarks>Owner: the shard's turn; read by its channel.</remarks>
    public long TimeoutMs { get; private set; }

    /// <summary>The same by its own argument; null if it has none.</summary>
    public long? OwnTimeoutMs { get; init; }

    /// <summary>The same by the configuration: when neither it nor its queue has one.</summary>
    public long ConfiguredTimeoutMs { get; init; }

    public FieldTable Arguments { get; init; } = FieldTable.Empty;

    /// <summary>The beginning of each basic.deliver frame to this consumer, made once.</summary>
    public required byte[] DeliverTemplate { get; init; }

    /// <summary>It left a delivery unsettled for too long: it gets no more. Owner: its channel's outbox lock.</summary>
    internal bool IsTimedOut;

    /// <summary>The client was sent basic.cancel for it, or wants none. Owner: its channel's outbox lock.</summary>
    internal bool IsCancelTold;

    /// <summary>
    /// Where its channel counts what it is given of this queue; null before the first. Owner: its channel's outbox
    /// lock.
    /// </summary>
    internal QueueDeliveries? Deliveries;

    /// <summary>Unsettled deliveries. Owner: the shard's turn.</summary>
    internal int Unacked;

    /// <summary>The target refused an offer and has not yet called for more. Owner: the shard's turn.</summary>
    internal bool IsRefused;

    /// <summary>Cancelled, or its queue or channel is gone. Owner: the shard's turn.</summary>
    internal bool IsGone;

    /// <summary>Its place among its queue's consumers, and when it came. Owner: <see cref="ConsumerRing"/>.</summary>
    internal int RingIndex = -1;

    internal long Arrival;

    /// <summary>The last turn that delivered to it. Owner: the shard's turn.</summary>
    internal long TouchedTurn;

    /// <summary>Neighbours among those that have room. Owner: <see cref="ConsumerRing"/>.</summary>
    internal Consumer? NextReady, PreviousReady;

    /// <summary>What its queue has for it counts from now on. On the shard's turn.</summary>
    internal void Follow(QueueSettings settings)
    {
        Prefetch = settings.MaxPrefetch is { } most && (AskedPrefetch == 0 || AskedPrefetch > most)
            ? most
            : AskedPrefetch;
        var before = TimeoutMs;
        TimeoutMs = OwnTimeoutMs ?? settings.ConsumerTimeoutMs ?? ConfiguredTimeoutMs;
        if (TimeoutMs > 0 && before == 0)
            Target.WatchTimeouts();
    }

    internal bool IsReady => NextReady is not null;

    internal bool HasRoom => !IsGone && !IsRefused && (NoAck || Prefetch == 0 || Unacked < Prefetch);

    /// <summary>Posted by the target when it has room again after a refusal.</summary>
    public ShardWork Retry => field ??= new ConsumerRetry(this);
}
