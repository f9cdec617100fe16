using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Levada.Accounting;

namespace Levada.Storage;

/// <summary>
/// What a queue has beyond its ring: single messages that the ring has left behind, sequences to be served before the
/// cursor goes on, and runs in segments. Owned by the turn; made when it is first needed.
/// </summary>
internal sealed class Backlog(BlockReads reads, QueueMessages queue)
{
    private readonly PriorityQueue<ulong, ulong> _requeued = new();
    private readonly RunReader?[] _readers = new RunReader?[6];
    private BlockReader? _journalReader;
    private BlockReader? _heldJournalReader;

    /// <summary>
    /// Messages below the ring of which there is something to remember: held by a consumer, requeued, left in a
    /// window, or marked. Others in runs have no entry.
    /// </summary>
    public Dictionary<ulong, Entry> Strays { get; } = [];

    /// <summary>No stray has a higher sequence.</summary>
    public ulong StraysTo { get; private set; }

    public RunList Durable { get; } = new();

    public RunList Volatile { get; } = new();

    /// <summary>Memory of all of it.</summary>
    public long HeldBytes => ObjectSize.Of<Backlog>() + ObjectSize.Room(Strays) + Durable.HeldBytes + Volatile.HeldBytes
        + (_requeued.Capacity * 2L * sizeof(ulong));

    public bool HasRuns => Durable.Count + Volatile.Count > 0;

    /// <summary>Where the queue reads records of the journal that are no longer in memory.</summary>
    public BlockReader JournalReader => _journalReader ??= new BlockReader(reads, queue);

    /// <summary>The same for messages that a consumer held.</summary>
    public BlockReader HeldJournalReader => _heldJournalReader ??= new BlockReader(reads, queue);

    public RunList Runs(bool durable) => durable ? Durable : Volatile;

    /// <summary>The sequence is ready and is served from here, not by the cursor.</summary>
    public void Requeue(ulong sequence) => _requeued.Enqueue(sequence, sequence);

    /// <summary>In no order; some may be gone.</summary>
    public IEnumerable<ulong> Requeued => _requeued.UnorderedItems.Select(static item => item.Element);

    public bool TryPeekRequeued(out ulong sequence) => _requeued.TryPeek(out sequence, out _);

    public void DequeueRequeued() => _requeued.Dequeue();

    public ref Entry FindStray(ulong sequence) => ref CollectionsMarshal.GetValueRefOrNullRef(Strays, sequence);

    /// <summary>The stray of a message in a run; made if there is none.</summary>
    public ref Entry AddStray(ulong sequence, bool durable, int bodyBytes)
    {
        ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(Strays, sequence, out bool exists);
        if (!exists)
            entry = new Entry { Location = Location.InRun(durable), BodyBytes = bodyBytes };
        StraysTo = Math.Max(StraysTo, sequence);
        return ref entry;
    }

    /// <summary>A message that the ring leaves behind.</summary>
    public void AddStray(ulong sequence, in Entry entry)
    {
        Strays.Add(sequence, entry);
        StraysTo = Math.Max(StraysTo, sequence);
    }

    /// <summary>The reader that follows the cursor, or the one for requeued messages.</summary>
    public RunReader Reader(bool durable, bool requeued) =>
        _readers[(durable ? 1 : 0) + (requeued ? 2 : 0)] ??= new RunReader(reads, queue, Runs(durable));

    /// <summary>The reader for messages that a consumer held.</summary>
    public RunReader HeldReader(bool durable) =>
        _readers[4 + (durable ? 1 : 0)] ??= new RunReader(reads, queue, Runs(durable));

    /// <summary>Puts the cursor's readers on the lowest message in runs from a sequence on.</summary>
    public ReadResult SeekRuns(ulong from, out RunReader? lowest)
    {
        lowest = null;
        for (int kind = 0; kind < 2; kind++)
        {
            bool durable = kind == 1;
            if (Runs(durable).Count == 0)
                continue;
            RunReader reader = Reader(durable, requeued: false);
            ReadResult result = reader.Seek(from);
            if (result is ReadResult.Loading or ReadResult.Damaged)
            {
                lowest = reader;
                return result;
            }

            if (result == ReadResult.Found && (lowest is null || reader.Sequence < lowest.Sequence))
                lowest = reader;
        }

        return lowest is null ? ReadResult.Empty : ReadResult.Found;
    }

    public void AddRun(Run run)
    {
        Runs(run.Segment.Durable).Add(run);
        run.Segment.Runs.Add(run);
    }

    /// <summary>A run that holds nothing live any more, or that was replaced.</summary>
    public void RemoveRun(Run run)
    {
        Runs(run.Segment.Durable).Remove(run);
        run.Segment.Runs.Remove(run);
        foreach (RunReader? reader in _readers)
            reader?.Forget(run);
    }

    /// <summary>Everything was purged: nothing is requeued any more.</summary>
    public void ClearRequeued() => _requeued.Clear();

    public void Close()
    {
        foreach (RunReader? reader in _readers)
            reader?.Close();
        _journalReader?.Close();
        _heldJournalReader?.Close();
        Strays.Clear();
        _requeued.Clear();
    }
}
