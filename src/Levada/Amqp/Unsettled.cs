using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// One channel's deliveries by tag. Tags count every delivery, no-ack ones too (rule G2); those leave no entry. The
/// recent ones lie in a ring, a slot a tag; the few that a client holds while it settles later ones move to a sorted
/// list, so that memory follows what is outstanding. Guarded by the outbox lock. A channel that never had one holds no
/// array.
/// </summary>
internal sealed class Unsettled
{
    private const int KeepEntriesMax = 4096;

    // Below this the ring simply grows.
    private const int MoveFrom = 1024;

    private UnsettledEntry[] _ring = [];
    private int _head;

    // Entries from _head on; the first one, if any, is outstanding.
    private int _length;
    private ulong _firstTag = 1;

    // Ascending, all below _firstTag. Settled ones stay as holes until they are the most.
    private readonly List<(ulong Tag, UnsettledEntry Entry)> _old = [];
    private int _oldHoles;

    /// <summary>Outstanding deliveries.</summary>
    public int Count { get; private set; }

    /// <summary>Memory of ring and list. From any thread.</summary>
    public long HeldBytes =>
        ((long)Volatile.Read(ref _ring).Length * Unsafe.SizeOf<UnsettledEntry>())
        + ((long)_old.Capacity * Unsafe.SizeOf<(ulong, UnsettledEntry)>());

    public ulong Add(Queue queue, Consumer? consumer, ulong sequence, uint deliveredAtMs = 0)
    {
        ref var entry = ref Append();
        entry.Queue = queue;
        entry.Consumer = consumer;
        entry.Sequence = sequence;
        entry.DeliveredAtMs = deliveredAtMs;
        Count++;
        return _firstTag + (ulong)_length - 1;
    }

    /// <summary>Takes a tag for a delivery that needs no settling.</summary>
    public ulong AddSettled()
    {
        if (_length == 0)
            return _firstTag++;
        Append() = default;
        return _firstTag + (ulong)_length - 1;
    }

    /// <summary>The tag of the last delivery, settled or not; 0 if there was none.</summary>
    public ulong LastTag => _firstTag + (ulong)_length - 1;

    /// <summary>Whether the tag is settled in a transaction that is still open.</summary>
    public bool IsReserved(ulong tag)
    {
        ref var entry = ref Find(tag);
        return !Unsafe.IsNullRef(ref entry) && entry.Queue is not null && entry.IsReserved;
    }

    /// <summary>Whether the tag is outstanding here.</summary>
    public bool Contains(ulong tag)
    {
        ref var entry = ref Find(tag);
        return !Unsafe.IsNullRef(ref entry) && entry.Queue is not null && !entry.IsReserved;
    }

    /// <summary>Reserves one tag, or all outstanding ones up to it (0: all), for a transaction.</summary>
    public void Reserve(ulong tag, bool multiple, List<ulong> reserved)
    {
        if (!multiple)
        {
            Find(tag).IsReserved = true;
            reserved.Add(tag);
            return;
        }
        foreach (ref var old in CollectionsMarshal.AsSpan(_old))
        {
            if (tag == 0 || old.Tag <= tag)
                ReserveOne(old.Tag, ref old.Entry, reserved);
        }
        var end = RingEnd(tag);
        for (var i = 0; i < end; i++)
            ReserveOne(_firstTag + (ulong)i, ref At(i), reserved);
    }

    private static void ReserveOne(ulong tag, ref UnsettledEntry entry, List<ulong> reserved)
    {
        if (entry.Queue is null || entry.IsReserved)
            return;
        entry.IsReserved = true;
        reserved.Add(tag);
    }

    /// <summary>The transaction was rolled back.</summary>
    public void Unreserve(ulong tag) => Find(tag).IsReserved = false;

    /// <summary>Takes one outstanding tag.</summary>
    public UnsettledEntry Take(ulong tag)
    {
        ref var entry = ref Find(tag);
        var taken = entry;
        entry = default;
        Count--;
        if (tag < _firstTag)
        {
            _oldHoles++;
            TrimOld();
        }
        else
        {
            TrimHead();
        }
        return taken;
    }

    /// <summary>
    /// Takes all up to a tag (0: all there are), oldest first, into a list; reserved ones only if asked.
    /// </summary>
    public void TakeUpTo(ulong tag, List<UnsettledEntry> taken, bool reservedToo = false)
    {
        foreach (ref var old in CollectionsMarshal.AsSpan(_old))
        {
            if ((tag == 0 || old.Tag <= tag) && TakeOne(ref old.Entry, taken, reservedToo))
                _oldHoles++;
        }
        TrimOld();
        var end = RingEnd(tag);
        for (var i = 0; i < end; i++)
            TakeOne(ref At(i), taken, reservedToo);
        TrimHead();
    }

    /// <summary>Takes all that a consumer has, oldest first, and tells their tags.</summary>
    public void TakeOf(Consumer consumer, List<UnsettledEntry> taken, ICollection<ulong> tags)
    {
        foreach (ref var old in CollectionsMarshal.AsSpan(_old))
        {
            if (old.Entry.Consumer != consumer || !TakeOne(ref old.Entry, taken, reservedToo: false))
                continue;
            tags.Add(old.Tag);
            _oldHoles++;
        }
        TrimOld();
        for (var i = 0; i < _length; i++)
        {
            if (At(i).Consumer == consumer && TakeOne(ref At(i), taken, reservedToo: false))
                tags.Add(_firstTag + (ulong)i);
        }
        TrimHead();
    }

    private bool TakeOne(ref UnsettledEntry entry, List<UnsettledEntry> taken, bool reservedToo)
    {
        if (entry.Queue is null || (entry.IsReserved && !reservedToo))
            return false;
        taken.Add(entry);
        entry = default;
        Count--;
        return true;
    }

    /// <summary>The oldest delivery that its consumer has had for longer than it may; 0 if there is none.</summary>
    public ulong FindOverdue(uint nowMs)
    {
        foreach (ref readonly var old in CollectionsMarshal.AsSpan(_old))
        {
            if (IsOverdue(old.Entry, nowMs))
                return old.Tag;
        }
        for (var i = 0; i < _length; i++)
        {
            if (IsOverdue(At(i), nowMs))
                return _firstTag + (ulong)i;
        }
        return 0;
    }

    /// <summary>The oldest outstanding deliveries from a queue.</summary>
    public IEnumerable<(ulong Tag, UnsettledEntry Entry)> Of(Queue queue)
    {
        foreach (var old in _old)
        {
            if (old.Entry.Queue == queue)
                yield return old;
        }
        for (var i = 0; i < _length; i++)
        {
            if (At(i).Queue == queue)
                yield return (_firstTag + (ulong)i, At(i));
        }
    }

    private static bool IsOverdue(in UnsettledEntry entry, uint nowMs) =>
        entry is { Consumer.TimeoutMs: > 0 and var limit, IsReserved: false }
            && (int)(nowMs - entry.DeliveredAtMs) > limit;

    /// <summary>An outstanding delivery, without taking it.</summary>
    public UnsettledEntry Peek(ulong tag) => Find(tag);

    // How many of the ring's entries have tags up to this one (0: all).
    private int RingEnd(ulong tag) => tag == 0 ? _length : tag < _firstTag ? 0 : (int)(tag - _firstTag) + 1;

    private ref UnsettledEntry Find(ulong tag)
    {
        if (tag >= _firstTag)
        {
            if (tag - _firstTag < (ulong)_length)
                return ref At((int)(tag - _firstTag));
            return ref Unsafe.NullRef<UnsettledEntry>();
        }
        var old = CollectionsMarshal.AsSpan(_old);
        var (from, to) = (0, old.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (old[middle].Tag < tag)
                from = middle + 1;
            else
                to = middle;
        }
        if (from < old.Length && old[from].Tag == tag)
            return ref old[from].Entry;
        return ref Unsafe.NullRef<UnsettledEntry>();
    }

    private void TrimHead()
    {
        while (_length > 0 && _ring[_head].Queue is null)
            DropHead();
        if (_length == 0 && _ring.Length > KeepEntriesMax)
        {
            _ring = [];
            _head = 0;
        }
    }

    private void DropHead()
    {
        _head = (_head + 1) & (_ring.Length - 1);
        _length--;
        _firstTag++;
    }

    private void TrimOld()
    {
        if (_oldHoles * 2 <= _old.Count)
            return;
        _old.RemoveAll(static old => old.Entry.Queue is null);
        _oldHoles = 0;
        if (_old.Capacity > KeepEntriesMax && _old.Count < _old.Capacity / 4)
            _old.Capacity = _old.Count;
    }

    private ref UnsettledEntry At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    private ref UnsettledEntry Append()
    {
        // Making room may find nothing but holes, and then leaves no ring at all.
        while (_length == _ring.Length)
            MakeRoom();
        _length++;
        return ref At(_length - 1);
    }

    // A full ring that is mostly settled gives its older half to the list; one that is not grows.
    private void MakeRoom()
    {
        var outstanding = Count - (_old.Count - _oldHoles);
        if (_length < MoveFrom || outstanding > _length / 2)
        {
            Grow();
            return;
        }
        for (var left = _length / 2; left > 0; left--)
        {
            if (_ring[_head].Queue is not null)
                _old.Add((_firstTag, _ring[_head]));
            _ring[_head] = default;
            DropHead();
        }
        TrimHead();
    }

    private void Grow()
    {
        var grown = new UnsettledEntry[Math.Max(16, _ring.Length * 2)];
        for (var i = 0; i < _length; i++)
            grown[i] = At(i);
        _ring = grown;
        _head = 0;
    }
}
