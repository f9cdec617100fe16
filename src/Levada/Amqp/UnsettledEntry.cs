using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What a delivery tag stands for until the client settles it. A null queue: nothing outstanding.</summary>
internal struct UnsettledEntry
{
    public Queue? Queue;

    /// <summary>Null for basic.get.</summary>
    public Consumer? Consumer;

    public ulong Sequence;

    /// <summary>
    /// When it was delivered, in the broker's elapsed ms; a quarter of a second before, unless its consumer has a
    /// timeout. Wraps in 49 days.
    /// </summary>
    public uint DeliveredAtMs;

    /// <summary>Settled in a transaction that is not committed yet: outstanding again after a rollback.</summary>
    public bool IsReserved;
}
