using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Levada.Queues;

namespace Levada.Storage;

/// <summary>
/// The messages of one queue: which sequences are ready, which a consumer holds, and where their bytes are.
/// Owned by the turn. A sequence below the cursor is settled, unacked or requeued; from the cursor on it is ready,
/// settled or was never kept.
/// </summary>
public sealed class QueueMessages
{
    private const int CompactAbove = 64;

    private readonly MessageStore _store;
    private readonly EntryRing _ring;

    // Live messages below the ring: few that many settled ones have passed.
    private readonly Dictionary<ulong, Entry> _strays = [];
    private readonly PriorityQueue<ulong, ulong> _requeued = new();
    private ulong _cursor = 1;
    private long _liveInRing;
    private ulong _peeked;
    private bool _peekedRequeued;

    internal QueueMessages(MessageStore store, QueueId id, bool durable, EntryPool pool)
    {
        _store = store;
        Id = id;
        Durable = durable;
        _ring = new EntryRing(pool, start: 1);
    }

    public QueueId Id { get; }

    /// <summary>Persistent messages of this queue go to the journal.</summary>
    public bool Durable { get; }

    /// <summary>The sequence that the next message gets; the first is 1.</summary>
    public ulong NextSequence => _ring.Next;

    /// <summary>Messages that Peek would show, one after the other.</summary>
    public long Ready { get; private set; }

    /// <summary>The bodies of the ready messages, in bytes.</summary>
    public long ReadyBytes { get; private set; }

    /// <summary>Messages taken and not settled or requeued yet.</summary>
    public long Unacked { get; private set; }

    /// <summary>The bodies of the unacked messages, in bytes.</summary>
    public long UnackedBytes { get; private set; }

    /// <summary>Shows the ready message with the lowest sequence.</summary>
    public PeekResult Peek(out MessageView message)
    {
        if (_requeued.Count != 0)
            return View(_requeued.Peek(), requeued: true, out message);
        ulong sequence = Math.Max(_cursor, _ring.Base);
        while (sequence < _ring.Next && !_ring[sequence].IsLive)
            sequence++;
        _cursor = sequence;
        if (sequence < _ring.Next)
            return View(sequence, requeued: false, out message);
        _peeked = 0;
        message = default;
        return PeekResult.Empty;
    }

    /// <summary>The peeked message is handed out for good.</summary>
    public void TakeAndSettle()
    {
        ref Entry entry = ref Take();
        ulong sequence = _peeked;
        Ready--;
        ReadyBytes -= entry.BodyBytes;
        _peeked = 0;
        Remove(sequence, ref entry);
    }

    /// <summary>The peeked message is held by a consumer from now on.</summary>
    public void TakeUnacked()
    {
        ref Entry entry = ref Take();
        entry.IsUnacked = true;
        Ready--;
        ReadyBytes -= entry.BodyBytes;
        Unacked++;
        UnackedBytes += entry.BodyBytes;
        _peeked = 0;
    }

    /// <summary>An unacked message is done with.</summary>
    public void Settle(ulong sequence)
    {
        ref Entry entry = ref FindUnacked(sequence);
        Unacked--;
        UnackedBytes -= entry.BodyBytes;
        Remove(sequence, ref entry);
    }

    /// <summary>An unacked message is ready again, in its old place and marked as redelivered.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="countAttempt">The delivery counts as an attempt.</param>
    public void Requeue(ulong sequence, bool countAttempt)
    {
        ref Entry entry = ref FindUnacked(sequence);
        entry.IsUnacked = false;
        entry.IsRedelivered = true;
        if (countAttempt)
            entry.DeliveryCount++;
        Unacked--;
        UnackedBytes -= entry.BodyBytes;
        Ready++;
        ReadyBytes += entry.BodyBytes;
        _requeued.Enqueue(sequence, sequence);
        _peeked = 0;
    }

    /// <summary>Removes all ready messages; unacked ones stay.</summary>
    /// <returns>How many there were.</returns>
    public long PurgeReady()
    {
        long purged = Ready;
        while (_requeued.TryDequeue(out ulong sequence, out _))
            Remove(sequence, ref Find(sequence));
        for (ulong sequence = Math.Max(_cursor, _ring.Base); sequence < _ring.Next; sequence++)
        {
            ref Entry entry = ref _ring[sequence];
            if (entry.IsLive)
                Release(ref entry);
        }

        _cursor = _ring.Next;
        TrimFront();
        Ready = 0;
        ReadyBytes = 0;
        _peeked = 0;
        return purged;
    }

    internal void Add(Location location, int bodyBytes, bool shared)
    {
        if (_ring.Count > CompactAbove && _ring.Count > _liveInRing * 4)
            MoveStrays();
        ref Entry entry = ref _ring.Append();
        entry = new Entry { Location = location, BodyBytes = bodyBytes, IsShared = shared };
        _liveInRing++;
        Ready++;
        ReadyBytes += bodyBytes;
    }

    /// <summary>The queue is gone: gives back all it holds.</summary>
    internal void Drop()
    {
        foreach (Entry stray in _strays.Values)
            _store.Release(stray.Location);
        for (ulong sequence = _ring.Base; sequence < _ring.Next; sequence++)
        {
            if (_ring[sequence].IsLive)
                _store.Release(_ring[sequence].Location);
        }

        _strays.Clear();
        _ring.Clear();
        _requeued.Clear();
        _cursor = _ring.Next;
        _liveInRing = Ready = ReadyBytes = Unacked = UnackedBytes = 0;
        _peeked = 0;
    }

    private PeekResult View(ulong sequence, bool requeued, out MessageView message)
    {
        ref Entry entry = ref Find(sequence);
        message = new MessageView(
            sequence, _store.Read(entry.Location), entry.IsRedelivered, entry.DeliveryCount);
        _peeked = sequence;
        _peekedRequeued = requeued;
        return PeekResult.Found;
    }

    private ref Entry Take()
    {
        if (_peeked == 0)
            throw new InvalidOperationException("take without a message found by Peek");
        if (_peekedRequeued)
            _requeued.Dequeue();
        else
            _cursor = _peeked + 1;
        return ref Find(_peeked);
    }

    private ref Entry FindUnacked(ulong sequence)
    {
        ref Entry entry = ref Find(sequence);
        if (Unsafe.IsNullRef(ref entry) || !entry.IsUnacked)
            throw new InvalidOperationException($"queue {Id}: message {sequence} is not unacked");
        return ref entry;
    }

    /// <summary>The entry of a message that is not settled; a null reference if there is none.</summary>
    private ref Entry Find(ulong sequence)
    {
        if (sequence < _ring.Base)
            return ref CollectionsMarshal.GetValueRefOrNullRef(_strays, sequence);
        if (sequence < _ring.Next && _ring[sequence].IsLive)
            return ref _ring[sequence];
        return ref Unsafe.NullRef<Entry>();
    }

    private void Remove(ulong sequence, ref Entry entry)
    {
        if (sequence < _ring.Base)
        {
            _store.Release(entry.Location);
            _strays.Remove(sequence);
            return;
        }

        Release(ref entry);
        if (sequence == _ring.Base)
            TrimFront();
    }

    private void Release(ref Entry entry)
    {
        _store.Release(entry.Location);
        entry = default;
        _liveInRing--;
    }

    private void TrimFront()
    {
        while (!_ring.IsEmpty && !_ring[_ring.Base].IsLive)
            _ring.PopFront();
    }

    /// <summary>
    /// Few live messages hold a long stretch of the ring, because a consumer keeps them while others are settled:
    /// they go to the table, so that the ring stays as long as what it is for.
    /// </summary>
    private void MoveStrays()
    {
        while (_ring.Base < _cursor && _ring.Count > _liveInRing * 2)
        {
            Entry entry = _ring[_ring.Base];
            if (entry.IsLive)
            {
                _strays.Add(_ring.Base, entry);
                _liveInRing--;
            }

            _ring.PopFront();
        }
    }
}
