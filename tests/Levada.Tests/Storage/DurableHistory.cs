namespace Levada.Tests.Storage;

/// <summary>
/// What the journal was told, in its order, with the index at which each thing counts. After a crash the store must
/// stand exactly at some index not below the one that it reported durable.
/// </summary>
internal sealed class DurableHistory
{
    private readonly List<Change> _changes = [];
    private readonly List<Change> _unwritten = [];
    private Dictionary<ulong, QueueModel> _base = [];

    private enum What
    {
        Enqueue,
        Settle,
        Count,
        Drop,
    }

    public void Enqueued(ulong queue, ModelMessage message, long? index) =>
        Add(new Change(What.Enqueue, queue, message.Sequence, message with { IsUnacked = false }, 0, 0), index);

    /// <summary>Written at the end of the turn or of the transaction: <see cref="Written"/> tells the index.</summary>
    public void Settled(ulong queue, ulong sequence) =>
        _unwritten.Add(new Change(What.Settle, queue, sequence, null, 0, 0));

    public void Counted(ulong queue, ulong sequence, int count, long? index) =>
        Add(new Change(What.Count, queue, sequence, null, count, 0), index);

    public void Dropped(ulong queue, long? index) => Add(new Change(What.Drop, queue, 0, null, 0, 0), index);

    /// <summary>All that had no index yet counts from this one on.</summary>
    public void Written(long index)
    {
        foreach (Change change in _unwritten)
            _changes.Add(change with { Index = index });
        _unwritten.Clear();
    }

    /// <summary>The durable queues as they were at an index; from now on that is where the history begins.</summary>
    public Dictionary<ulong, QueueModel> GoBackTo(long index)
    {
        foreach (Change change in _changes.Where(change => change.Index <= index).OrderBy(change => change.Index))
            Apply(change);
        _changes.Clear();
        _unwritten.Clear();
        return _base;
    }

    /// <summary>Starts again from a state that is durable.</summary>
    public void Restart(Dictionary<ulong, QueueModel> state)
    {
        _base = [];
        foreach (QueueModel queue in state.Values)
        {
            var copy = new QueueModel(queue.Id, queue.Durable);
            foreach (ModelMessage message in queue.Messages.Values)
                copy.Messages.Add(message.Sequence, message with { IsUnacked = false });
            _base.Add(queue.Id, copy);
        }

        _changes.Clear();
        _unwritten.Clear();
    }

    private void Add(Change change, long? index)
    {
        if (index is { } known)
            _changes.Add(change with { Index = known });
        else
            _unwritten.Add(change);
    }

    private void Apply(Change change)
    {
        if (change.What == What.Drop)
        {
            _base.Remove(change.Queue);
            return;
        }

        if (!_base.TryGetValue(change.Queue, out QueueModel? queue))
            _base.Add(change.Queue, queue = new QueueModel(change.Queue, true));
        if (change.What == What.Enqueue)
            queue.Messages.Add(change.Sequence, change.Message! with { DeliveryCount = 0, IsRedelivered = false });
        else if (change.What == What.Settle)
            queue.Messages.Remove(change.Sequence);
        else if (queue.Messages.TryGetValue(change.Sequence, out ModelMessage? message))
            message.DeliveryCount = change.Count;
    }

    private sealed record Change(What What, ulong Queue, ulong Sequence, ModelMessage? Message, int Count, long Index);
}
