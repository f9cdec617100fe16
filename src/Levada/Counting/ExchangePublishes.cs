namespace Levada.Counting;

/// <summary>
/// What one channel has published to one exchange. Owner: the turn of its connection, but for what is confirmed, which
/// is counted under the outbox lock. Anyone may read: each figure is right.
/// </summary>
public sealed class ExchangePublishes
{
    public long Published { get; internal set; }

    public long Confirmed { get; internal set; }

    /// <summary>Mandatory or immediate ones given back to their publisher.</summary>
    public long Returned { get; internal set; }

    /// <summary>Those that found no queue and nobody asked to have back.</summary>
    public long DroppedUnroutable { get; internal set; }

    /// <summary>The queues that they went to, one for each.</summary>
    internal long QueuesReached { get; set; }
}
