using System.Runtime.CompilerServices;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// The messages of one queue, in a priority queue of one priority: which sequences are ready, which a consumer holds,
/// and where their bytes are. Owned by the turn. Below the cursor a message is settled, unacked or requeued; from the
/// cursor on it is ready, settled or was never kept. The ring has an entry for every sequence from its base on; below
/// that, single messages are strays and all others are in runs.
/// </summary>
public sealed partial class QueueMessages
{
    private const int CompactAbove = 64;

    private readonly MessageStore _store;
    private readonly EntryRing _ring;
    private Backlog? _backlog;
    private ulong _cursor;
    private ulong _redeliveredBelow;
    private long _liveInRing;

    private bool _listedInJournal;
    private bool _listedInVolatile;

    // What Peek showed last; no sequence if that is not valid any more.
    private ulong _peeked;
    private bool _peekedRequeued;
    private bool _peekedDurableRun;
    private int _peekedBodyBytes;

    // Durable messages settled in this turn, not told to the journal yet; none if last is 0.
    private ulong _settledFirst;
    private ulong _settledLast;
    private long _settledBytes;
    private Run? _settledRun;

    internal QueueMessages(MessageStore store, QueueId id, bool durable, int priority = 0)
    {
        _store = store;
        Id = id;
        Durable = durable;
        _cursor = FreshFrom = ((ulong)priority << PriorityShift) + 1;
        _ring = new EntryRing(store.Entries, start: _cursor);
    }

    public QueueId Id { get; }

    /// <summary>Persistent messages of this queue go to the journal.</summary>
    public bool Durable { get; }

    /// <summary>The sequence that the next message gets; the first is 1 above the priority.</summary>
    public ulong NextSequence => _ring.Next;

    /// <summary>Messages that Peek would show, one after the other.</summary>
    public long Ready { get; private set; }

    /// <summary>The bodies of the ready messages, in bytes.</summary>
    public long ReadyBytes { get; private set; }

    /// <summary>The message is not waiting to be handed out for the first time any more.</summary>
    public bool HasPassed(ulong sequence) => sequence < _cursor;

    /// <summary>Messages taken and not settled or requeued yet.</summary>
    public long Unacked { get; private set; }

    /// <summary>The bodies of the unacked messages, in bytes.</summary>
    public long UnackedBytes { get; private set; }

    /// <summary>
    /// Messages in here may have a TTL of their own. Set and cleared by the queue, kept over restarts.
    /// </summary>
    public bool HasExpiring { get; set; }

    /// <summary>Dropped: what still comes back from a disk thread for it counts no more.</summary>
    internal bool IsDropped { get; private set; }

    private Backlog Behind => _backlog ??= new Backlog(_store.Reads, this);

    /// <summary>The peeked message is handed out for good.</summary>
    public void TakeAndSettle()
    {
        ulong sequence = Take();
        Ready--;
        ReadyBytes -= _peekedBodyBytes;
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry))
            SettleInRun(sequence, _peekedBodyBytes, _peekedDurableRun);
        else
            Remove(sequence, ref entry);
    }

    /// <summary>The peeked message is held by a consumer from now on.</summary>
    public void TakeUnacked()
    {
        ulong sequence = Take();
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry))
            entry = ref Behind.AddStray(sequence, _peekedDurableRun, _peekedBodyBytes);
        Ready--;
        ReadyBytes -= entry.BodyBytes;
        NoteHeld(sequence, ref entry);
    }

    /// <summary>An unacked message is done with.</summary>
    /// <exception cref="InvalidOperationException">No consumer holds it.</exception>
    public void Settle(ulong sequence)
    {
        ref Entry entry = ref FindUnacked(sequence);
        NoteFree(sequence, ref entry);
        Remove(sequence, ref entry);
    }

    /// <summary>How many deliveries of an unacked message were counted as failed.</summary>
    /// <exception cref="InvalidOperationException">No consumer holds it.</exception>
    public int AttemptsOf(ulong sequence) => FindUnacked(sequence).DeliveryCount;

    /// <summary>An unacked message is ready again, in its old place and marked as redelivered.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="countAttempt">The delivery counts as an attempt.</param>
    /// <exception cref="InvalidOperationException">No consumer holds it.</exception>
    public void Requeue(ulong sequence, bool countAttempt)
    {
        ref Entry entry = ref FindUnacked(sequence);
        entry.IsRedelivered = true;
        if (countAttempt)
        {
            entry.DeliveryCount++;
            if (entry.Location.IsDurable)
                _store.Records.Requeue(Id, sequence, entry.DeliveryCount, entry.BodyBytes);
        }

        PutBack(sequence, ref entry);
    }

    internal void Add(Location location, int bodyBytes, bool shared)
    {
        if (_ring.Count > CompactAbove && _ring.Count > _liveInRing * 4)
            ShortenRing();
        ref Entry entry = ref _ring.Append();
        entry = new Entry { Location = location, BodyBytes = bodyBytes, IsShared = shared };
        _liveInRing++;
        Ready++;
        ReadyBytes += bodyBytes;
        bool durable = location.Kind == LocationKind.Journal;
        if (!IsListed(durable))
            _store.List(this, durable);
    }

    /// <summary>In the store's list of queues that have messages in a window of this kind.</summary>
    internal bool IsListed(bool durable) => durable ? _listedInJournal : _listedInVolatile;

    internal void SetListed(bool durable, bool listed)
    {
        if (durable)
            _listedInJournal = listed;
        else
            _listedInVolatile = listed;
    }

    /// <summary>The queue is gone: gives back all it holds, of the priorities above too.</summary>
    internal void Drop()
    {
        foreach (QueueMessages other in Above)
            other.Drop();
        for (ulong sequence = _ring.Base; sequence < _ring.Next; sequence++)
        {
            Location location = _ring[sequence].Location;
            if (location.IsInWindow)
                _store.Release(location);
        }

        _ring.Clear();
        if (_backlog is not null)
            DropBacklog(_backlog);
        _backlog = null;
        LetGoOfBodies(0, ulong.MaxValue);
        _cursor = _ring.Next;
        _liveInRing = Ready = ReadyBytes = Unacked = UnackedBytes = 0;
        _peeked = 0;
        IsDropped = true;
    }

    /// <summary>Gives the journal the range that could still have grown.</summary>
    internal void CloseSettledRange()
    {
        _store.Records.CloseRange(Id, _settledFirst, _settledLast, _settledBytes);
        _settledLast = 0;
        _settledBytes = 0;
        _settledRun = null;
    }

    private void PutBack(ulong sequence, ref Entry entry)
    {
        NoteFree(sequence, ref entry);
        Ready++;
        ReadyBytes += entry.BodyBytes;
        if (!IsAhead(sequence, entry))
            Behind.Requeue(sequence);
        _peeked = 0;
    }

    private ulong Take()
    {
        ulong sequence = _peeked;
        if (sequence == 0)
            throw new InvalidOperationException("take without a message found by Peek");
        if (_peekedRequeued)
            _backlog!.DequeueRequeued();

        // Nothing ready was lower, so even if it was requeued the cursor need not come back to it.
        if (sequence >= _cursor)
            _cursor = sequence + 1;
        _peeked = 0;
        return sequence;
    }

    private void NoteHeld(ulong sequence, ref Entry entry)
    {
        entry.IsUnacked = true;
        Unacked++;
        UnackedBytes += entry.BodyBytes;
        if (entry.Location.Kind == LocationKind.Run)
            _backlog!.Runs(entry.Location.IsDurable).Find(sequence)!.UnackedBytes += entry.BodyBytes;
    }

    private void NoteFree(ulong sequence, ref Entry entry)
    {
        entry.IsUnacked = false;
        Unacked--;
        UnackedBytes -= entry.BodyBytes;
        if (entry.Location.Kind == LocationKind.Run)
            _backlog!.Runs(entry.Location.IsDurable).Find(sequence)!.UnackedBytes -= entry.BodyBytes;
    }

    private ref Entry FindUnacked(ulong sequence)
    {
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.IsUnacked)
            throw new InvalidOperationException($"queue {Id}: message {sequence} is not unacked");
        return ref entry;
    }

    /// <summary>
    /// The entry of a live message; a null reference if it has none, being settled or plainly in a run.
    /// </summary>
    private ref Entry Find(ulong sequence)
    {
        if (sequence < _ring.Base)
        {
            if (_backlog is not null)
                return ref _backlog.FindStray(sequence);
        }
        else if (sequence < _ring.Next && _ring[sequence].IsLive)
        {
            return ref _ring[sequence];
        }

        return ref Unsafe.NullRef<Entry>();
    }

    /// <summary>A live message with an entry is settled; the counts of ready and unacked are the caller's.</summary>
    private void Remove(ulong sequence, ref Entry entry)
    {
        if (sequence < _ring.Base)
        {
            SettleEntry(sequence, entry);
            _backlog!.Strays.Remove(sequence);
            return;
        }

        RemoveFromRing(sequence, ref entry);
        if (sequence == _ring.Base)
            TrimRing();
    }

    private void RemoveFromRing(ulong sequence, ref Entry entry)
    {
        if (entry.Location.IsInWindow)
            _liveInRing--;
        SettleEntry(sequence, entry);
        entry = default;
    }

    private void SettleEntry(ulong sequence, in Entry entry)
    {
        Location location = entry.Location;
        if (location.Kind == LocationKind.Run)
        {
            SettleInRun(sequence, entry.BodyBytes, location.IsDurable);
            return;
        }

        _store.Release(location);
        NoteSettled(sequence, entry.BodyBytes, location.IsDurable, null);
    }

    private void SettleInRun(ulong sequence, int bodyBytes, bool durable)
    {
        Run run = _backlog!.Runs(durable).Find(sequence)
            ?? throw new InvalidOperationException($"queue {Id}: message {sequence} is in no run");
        if (!run.Settle(sequence, bodyBytes))
            throw new InvalidOperationException($"queue {Id}: message {sequence} was settled before");
        NoteSettled(sequence, bodyBytes, durable, run);
        _store.Settled(run, 1);
    }

    /// <summary>
    /// For the journal, at the end of the turn. Volatile messages between durable ones may lie in a range: the journal
    /// does not know them.
    /// </summary>
    private void NoteSettled(ulong sequence, int bodyBytes, bool durable, Run? run)
    {
        if (_bodies is not null)
            LetGoOfBody(sequence);
        if (!Durable)
            return;
        if (_settledLast != 0 && sequence == _settledLast + 1 && (!durable || run == _settledRun))
        {
            _settledLast = sequence;
            _settledBytes += durable ? bodyBytes : 0;
            return;
        }

        if (!durable)
            return;
        if (_settledLast != 0)
            CloseSettledRange();
        else
            _store.Records.OpenRange(this);
        _settledFirst = _settledLast = sequence;
        _settledBytes = bodyBytes;
        _settledRun = run;
    }

    private void NoteRangeSettled(ulong first, ulong last, long bodyBytes)
    {
        if (_settledLast != 0)
            CloseSettledRange();
        else
            _store.Records.OpenRange(this);
        _settledFirst = first;
        _settledLast = last;
        _settledBytes = bodyBytes;
    }
}
