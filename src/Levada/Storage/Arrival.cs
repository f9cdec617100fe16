using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// Messages that came to this shard from a queue of another one, said in one transaction with themselves. Until the
/// other shard has settled them on its disk, a start settles them there: then each is in one queue, whatever was lost.
/// Made on the turn of the shard they came to; settled on that of the other.
/// </summary>
internal sealed class Arrival(QueueId source, IReadOnlyList<SequenceRange> ranges)
{
    private long _settledIndex = long.MaxValue;
    private volatile MessageStore? _settledIn;

    /// <summary>The queue that they came from.</summary>
    public QueueId Source => source;

    /// <summary>Their numbers there. None of them is ever given again: they were durable before they left.</summary>
    public IReadOnlyList<SequenceRange> Ranges => ranges;

    /// <summary>Nothing needs to remember it any more. Any thread.</summary>
    public bool IsSettled => _settledIn is { } store && store.DurableIndex >= _settledIndex;

    /// <summary>The source has settled them, by what it has told its journal so far. On its turn.</summary>
    public void SettledIn(MessageStore store)
    {
        store.Records.WriteSettled();
        _settledIndex = store.LastIndex;
        _settledIn = store;
    }
}
