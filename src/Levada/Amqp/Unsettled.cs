using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// One channel's deliveries by tag, from the oldest outstanding one on. Tags count every delivery, no-ack ones too
/// (rule G2); those leave no entry. Guarded by the outbox lock. A channel that never had one holds no array.
/// </summary>
internal sealed class Unsettled
{
    private const int KeepEntriesMax = 4096;

    private UnsettledEntry[] _ring = [];
    private int _head;

    // Entries from _head on; the first one, if any, is outstanding.
    private int _length;
    private ulong _firstTag = 1;

    /// <summary>Outstanding deliveries.</summary>
    public int Count { get; private set; }

    public ulong Add(Queue queue, Consumer? consumer, ulong sequence)
    {
        ref var entry = ref Append();
        entry.Queue = queue;
        entry.Consumer = consumer;
        entry.Sequence = sequence;
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

    /// <summary>Whether the tag is outstanding here.</summary>
    public bool Contains(ulong tag)
    {
        if (tag < _firstTag || tag - _firstTag >= (ulong)_length)
            return false;
        ref var entry = ref At((int)(tag - _firstTag));
        return entry.Queue is not null && !entry.IsReserved;
    }

    /// <summary>Reserves one tag, or all outstanding ones up to it (0: all), for a transaction.</summary>
    public void Reserve(ulong tag, bool multiple, List<ulong> reserved)
    {
        var start = multiple ? 0 : (int)(tag - _firstTag);
        var end = multiple && tag == 0 ? _length : (int)(tag - _firstTag) + 1;
        for (var i = start; i < end; i++)
        {
            ref var entry = ref At(i);
            if (entry.Queue is null || entry.IsReserved)
                continue;
            entry.IsReserved = true;
            reserved.Add(_firstTag + (ulong)i);
        }
    }

    /// <summary>The transaction was rolled back.</summary>
    public void Unreserve(ulong tag) => At((int)(tag - _firstTag)).IsReserved = false;

    /// <summary>Takes one outstanding tag.</summary>
    public UnsettledEntry Take(ulong tag)
    {
        ref var entry = ref At((int)(tag - _firstTag));
        var taken = entry;
        entry = default;
        Count--;
        TrimHead();
        return taken;
    }

    /// <summary>Takes all up to a tag (0: all there are), oldest first, into a list; reserved ones only if asked.</summary>
    public void TakeUpTo(ulong tag, List<UnsettledEntry> taken, bool reservedToo = false)
    {
        var end = tag == 0 ? _length : (int)(tag - _firstTag) + 1;
        for (var i = 0; i < end; i++)
        {
            ref var entry = ref At(i);
            if (entry.Queue is null || (entry.IsReserved && !reservedToo))
                continue;
            taken.Add(entry);
            entry = default;
            Count--;
        }
        TrimHead();
    }

    private void TrimHead()
    {
        while (_length > 0 && _ring[_head].Queue is null)
        {
            _head = (_head + 1) & (_ring.Length - 1);
            _length--;
            _firstTag++;
        }
        if (_length == 0 && _ring.Length > KeepEntriesMax)
        {
            _ring = [];
            _head = 0;
        }
    }

    private ref UnsettledEntry At(int index) => ref _ring[(_head + index) & (_ring.Length - 1)];

    private ref UnsettledEntry Append()
    {
        if (_length == _ring.Length)
            Grow();
        _length++;
        return ref At(_length - 1);
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
