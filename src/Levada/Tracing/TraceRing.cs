using System.Runtime.InteropServices;

namespace Levada.Tracing;

/// <summary>
/// The newest entries of a trace, in a buffer that never grows: what is too old makes room. Numbered from 1. It
/// belongs to its trace, under the same lock.
/// </summary>
internal sealed class TraceRing(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];

    // Octets ever written, and those of them that are gone.
    private long _end;
    private long _start;

    public int Capacity => _bytes.Length;

    public int Used => (int)(_end - _start);

    /// <summary>The number of the oldest entry there is; of the next one if there is none.</summary>
    public long First { get; private set; } = 1;

    /// <summary>The number that the next entry gets.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>Adds an entry, which must fit.</summary>
    /// <returns>How many old ones made room for it.</returns>
    public int Add(TraceRecord record, ReadOnlySpan<byte> payload)
    {
        var dropped = 0;
        while (Capacity - Used < TraceRecord.Size + payload.Length)
        {
            _start += SizeAt(_start);
            First++;
            dropped++;
        }
        Put(MemoryMarshal.AsBytes(new ReadOnlySpan<TraceRecord>(in record)));
        Put(payload);
        Next++;
        return dropped;
    }

    /// <summary>Copies entries out.</summary>
    /// <param name="first">The number of the first one; at least <see cref="First"/>.</param>
    /// <param name="most">So many at most.</param>
    /// <returns>The entries one behind the other.</returns>
    public byte[] Copy(long first, int most)
    {
        var from = _start;
        for (var i = First; i < first; i++)
            from += SizeAt(from);
        var to = from;
        for (var i = 0; i < most && to < _end; i++)
            to += SizeAt(to);
        var copy = new byte[to - from];
        Get(from, copy);
        return copy;
    }

    private int SizeAt(long at)
    {
        var record = default(TraceRecord);
        Get(at, MemoryMarshal.AsBytes(new Span<TraceRecord>(ref record)));
        return TraceRecord.Size + record.PayloadLength;
    }

    private void Put(ReadOnlySpan<byte> octets)
    {
        var at = (int)(_end % Capacity);
        var straight = Math.Min(octets.Length, Capacity - at);
        octets[..straight].CopyTo(_bytes.AsSpan(at));
        octets[straight..].CopyTo(_bytes);
        _end += octets.Length;
    }

    private void Get(long from, Span<byte> octets)
    {
        var at = (int)(from % Capacity);
        var straight = Math.Min(octets.Length, Capacity - at);
        _bytes.AsSpan(at, straight).CopyTo(octets);
        _bytes.AsSpan(0, octets.Length - straight).CopyTo(octets[straight..]);
    }
}
