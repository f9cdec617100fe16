using Levada.Journal;
using Levada.Queues;

namespace Levada.Storage;

// What the parts of the store, and its queues, ask of it.
public sealed partial class MessageStore
{
    // Queues that have messages in a window: of the volatile kind, and in the journal.
    private readonly List<QueueMessages>[] _listed = [[], []];
    private bool _entriesPressed;

    internal StoreOptions Options { get; }

    internal ShardFolder Folder { get; }

    internal EntryPool Entries { get; }

    internal VolatileWindow Volatile { get; }

    internal JournalWindow Journal { get; }

    internal QueueRecords Records { get; }

    internal BlockReads Reads { get; }

    internal Segments Segments { get; }

    internal DiskAlarm DiskAlarm { get; }

    internal Arrivals Arrivals { get; } = new();

    /// <summary>Writes the unlinked file that volatile messages go to; null if the next one needs a new file.</summary>
    internal SegmentWriter? VolatileWriter { get; set; }

    /// <summary>How many windows are being copied now.</summary>
    internal int Retiring { get; set; }

    /// <summary>The index of the last record appended.</summary>
    internal long LastIndex => _appender.NextIndex - 1;

    /// <summary>The volatile window is so full that its older half should go to a segment.</summary>
    internal bool WantsVolatileRetired => Volatile.HasRetirable
        && (_entriesPressed || Volatile.UsedBytes > Options.VolatileShareBytes / 2);

    /// <summary>On the turn: nothing is done in the background and nothing is due.</summary>
    internal bool IsAtRest => _upkeep.IsAtRest;

    /// <summary>On the turn: what counts in a durable segment is copied to another one soon.</summary>
    internal void ReplaceSegment(long number) => Segments.TakeForSparse(number);

    internal Hop NewHop() => new(_scheduler, _gate, _post, Options.Time);

    internal DurableIndexWaiter.Awaiter Durable(long index) => _durable.Until(index);

    /// <summary>Runs it on a turn when the journal is on the disk as far as it goes now; at once if it is.</summary>
    internal void WhenDurable(Action next)
    {
        DurableIndexWaiter.Awaiter durable = Durable(LastIndex);
        if (durable.IsCompleted)
            next();
        else
            durable.OnCompleted(next);
    }

    /// <summary>
    /// Messages that came from a queue of another shard, in the same transaction. Their source settles them when this
    /// is durable.
    /// </summary>
    internal void Arrive(Arrival arrival)
    {
        Records.Arrive(arrival);
        Arrivals.Add(arrival);
    }

    internal void BeginRetiringVolatile() =>
        Volatile.BeginRetiring(_entriesPressed ? long.MaxValue : Options.VolatileShareBytes * 3 / 8);

    /// <summary>
    /// Where a start begins to read the journal: the first file that is still needed, and its first index.
    /// </summary>
    internal (long File, long Index) ReplayStart() =>
        Journal.Files.Find(file => !file.IsCopied || file.Live > 0) is { } needed
            ? (needed.Number, needed.FirstIndex)
            : (_appender.NextFileNumber, _appender.NextIndex);

    internal List<QueueMessages> DurableQueues() =>
        [.. _queues.Values.Where(queue => queue.Durable).SelectMany(queue => queue.All)];

    /// <summary>One reference less to a message in a window.</summary>
    internal void Release(Location location)
    {
        if (location.Kind == LocationKind.Volatile)
            Volatile.Release(location);
        else
            Journal.Find(location).Live--;
    }

    /// <summary>Messages of a run are settled.</summary>
    internal void Settled(Run run, int count) =>
        Segments.Settled(run, count, Records.HasSettled ? LastIndex + 1 : LastIndex);

    /// <summary>The queue has a message in a window.</summary>
    internal void List(QueueMessages queue, bool durable)
    {
        queue.SetListed(durable, true);
        _listed[durable ? 1 : 0].Add(queue);
    }

    internal void ListIfInWindow(QueueMessages queue, bool durable)
    {
        if (!queue.IsDropped && !queue.IsListed(durable) && queue.IsInWindow(durable))
            List(queue, durable);
    }

    /// <summary>
    /// Takes the queues that may have messages in a window of this kind; who still has is listed again.
    /// </summary>
    internal List<QueueMessages> TakeListed(bool durable)
    {
        List<QueueMessages> taken = _listed[durable ? 1 : 0];
        _listed[durable ? 1 : 0] = [];
        foreach (QueueMessages queue in taken)
            queue.SetListed(durable, false);
        return taken;
    }

    internal void ReportDamage(Damage damage)
    {
        Counters.AddDamaged(damage.Messages);
        LogDamage(_logger, Id.Value, damage.What, damage.Messages, damage.Queue?.Value);
        Damaged?.Invoke(damage);
    }

    private void Connect()
    {
        var committed = new TurnSignal(_post, OnCommitted);
        _commit.Durable = committed.Raise;
        var quiet = new TurnSignal(_post, _appender.TellDurableIndex);
        _commit.Quiet = quiet.Raise;
        var full = new TurnSignal(_post, () => DiskAlarm.Set(DiskNeed.Journal, _commit.IsStalled));
        _commit.Stalled = full.Raise;
        Reads.Readable = queue =>
        {
            if (!queue.IsDropped)
                Readable?.Invoke(queue);
        };
    }

    private void OnCommitted()
    {
        Committed?.Invoke(DurableIndex);
        _durable.Moved();
        ReleaseBodies();
    }

    /// <summary>Too many entries in memory: the window that has more of them is full, whatever its bytes say.</summary>
    private void EndFullWindow()
    {
        long inVolatile = Volatile.Live - Volatile.RetiringLive;
        long inJournal = _appender.Current?.Live ?? 0;
        _entriesPressed = false;
        if (inVolatile + inJournal <= Options.EntriesShare)
            return;
        if (inVolatile > inJournal)
            _entriesPressed = true;
        else
            _appender.EndFile();
    }

    private void UpdateCredit()
    {
        // More than a few groups beyond what is kept for reading wait for the disk.
        bool unwritten = Journal.UnwrittenBytes > Options.JournalMemoryBytes * 2L;
        if (unwritten)
            _commit.WantSync();
        bool journalWaits = Journal.NextToCopy(_appender.Current) is { Live: > 0 };
        bool overcommitted = unwritten || (journalWaits && _appender.Position > Options.JournalFileBytes / 2)
            || Volatile.UsedBytes > Options.VolatileShareBytes * 7 / 8
            || Volatile.Live + Journal.Live > 2L * Options.EntriesShare;
        bool changed = Overcommitted && !overcommitted;
        Overcommitted = overcommitted;
        if (changed)
            CreditChanged?.Invoke();
    }
}
