namespace Levada.Queues;

/// <summary>What a queue holds and has done at a moment.</summary>
public sealed record QueueSample(long Ready, long Unacked, DeliveryCounters Counters)
{
    /// <summary>That of a queue's beginning.</summary>
    public static QueueSample None { get; } = new(0, 0, new DeliveryCounters());
}
