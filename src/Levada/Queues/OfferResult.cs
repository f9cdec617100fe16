namespace Levada.Queues;

/// <summary>What a channel says to a delivery that a shard offers it.</summary>
public enum OfferResult
{
    Accepted,

    /// <summary>
    /// Not now: outbox full, flow off or channel-wide prefetch used up. The target says when to try again.
    /// </summary>
    Refused,

    /// <summary>Never again: the channel is closing. Its close is on its way to the shard.</summary>
    SessionOver,
}
