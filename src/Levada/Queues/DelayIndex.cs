using Levada.Accounting;

namespace Levada.Queues;

/// <summary>
/// Which of a queue's messages is due when, the earliest on top: a heap of 16 bytes a message, in arrays that are given
/// up as it shrinks. Of those due at the same time the one that came first is first. Owner: the shard's turn.
/// </summary>
/// <param name="recoveredTo">Messages below this were there at the start: they are added as they are found.</param>
internal sealed class DelayIndex(ulong recoveredTo)
{
    // 64 KiB each: not among the large objects, which are never moved.
    private const int ChunkShift = 12;
    private const int ChunkLength = 1 << ChunkShift;

    private readonly List<Entry[]> _chunks = [];

    /// <summary>Messages that wait.</summary>
    public int Count { get; private set; }

    public long HeldBytes => ObjectSize.Of<DelayIndex>() + ObjectSize.Room(_chunks)
        + (_chunks.Count * ObjectSize.Array<Entry>(ChunkLength));

    /// <summary>Messages from here on were added when they came.</summary>
    public ulong RecoveredTo { get; } = recoveredTo;

    /// <summary>All messages that were there at the start are in it.</summary>
    public bool IsComplete { get; set; }

    /// <summary>The next one; only if there is one.</summary>
    public (long DueMs, ulong Sequence) Next => (this[0].DueMs, this[0].Sequence);

    public void Add(long dueMs, ulong sequence)
    {
        if (Count == _chunks.Count << ChunkShift)
            _chunks.Add(GC.AllocateUninitializedArray<Entry>(ChunkLength));
        var entry = new Entry(dueMs, sequence);
        var at = Count++;
        while (at > 0 && entry.IsBefore(this[(at - 1) / 2]))
        {
            this[at] = this[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        this[at] = entry;
    }

    /// <summary>Takes the next one out.</summary>
    public void RemoveNext()
    {
        var last = this[--Count];
        var at = 0;
        for (var child = 1; child < Count; child = 2 * at + 1)
        {
            if (child + 1 < Count && this[child + 1].IsBefore(this[child]))
                child++;
            if (!this[child].IsBefore(last))
                break;
            this[at] = this[child];
            at = child;
        }
        if (Count > 0)
            this[at] = last;
        // One is kept in reserve, so that a message that comes and goes at the edge costs nothing.
        if (_chunks.Count > 2 && Count <= (_chunks.Count - 2) << ChunkShift)
            _chunks.RemoveAt(_chunks.Count - 1);
    }

    private ref Entry this[int index] => ref _chunks[index >> ChunkShift][index & (ChunkLength - 1)];

    private readonly record struct Entry(long DueMs, ulong Sequence)
    {
        public bool IsBefore(in Entry other) =>
            DueMs < other.DueMs || (DueMs == other.DueMs && Sequence < other.Sequence);
    }
}
