using System.Diagnostics;
using System.Numerics;
using Levada.Accounting;

namespace Levada.Storage;

/// <summary>
/// The entries of one queue for the sequences from <see cref="Base"/> up to <see cref="Next"/>, without a gap.
/// One array while 1,024 entries suffice, a ring of arrays of 1,024 beyond; an index is two masks either way.
/// Owned by the turn. Holds no array while it is empty.
/// </summary>
internal sealed class EntryRing(EntryPool pool, ulong start)
{
    private const int ChunkShift = 10;
    private const int SingleShift = 63;
    private const int KeepWhenEmpty = 16;

    private Entry[]?[] _chunks = new Entry[1][];
    private int _shift = SingleShift;
    private int _slotMask;

    /// <summary>The lowest sequence with an entry.</summary>
    public ulong Base { get; private set; } = start;

    /// <summary>The sequence that the next entry gets.</summary>
    public ulong Next { get; private set; } = start;

    /// <summary>The ring itself and its table of arrays, without these.</summary>
    public long TableBytes => ObjectSize.Of<EntryRing>() + ObjectSize.Array<Entry[]>(_chunks.Length);

    public bool IsEmpty => Base == Next;

    public long Count => (long)(Next - Base);

    /// <summary>The entry of a sequence within <see cref="Base"/> and <see cref="Next"/>.</summary>
    public ref Entry this[ulong sequence]
    {
        get
        {
            Debug.Assert(sequence >= Base && sequence < Next, "no entry for this sequence");
            return ref _chunks[(int)(sequence >> _shift) & (_chunks.Length - 1)]![(int)sequence & _slotMask];
        }
    }

    public ref Entry Append()
    {
        ulong sequence = Next;
        if (_shift == SingleShift)
        {
            Entry[]? only = _chunks[0];
            if (only is null || Count == only.Length)
                GrowSingle(only);
        }
        else
        {
            EnsureChunk(sequence);
        }

        Next = sequence + 1;
        return ref this[sequence];
    }

    /// <summary>Forgets the lowest entry.</summary>
    public void PopFront()
    {
        Base++;
        if (Base == Next)
            Release();
        else if (_shift == ChunkShift && (Base & (EntryPool.ChunkLength - 1)) == 0)
            Return((int)((Base - 1) >> ChunkShift) & (_chunks.Length - 1));
    }

    /// <summary>Moves an empty ring to another sequence.</summary>
    public void Restart(ulong sequence)
    {
        if (!IsEmpty)
            throw new InvalidOperationException("only an empty ring can move");
        Base = Next = sequence;
    }

    public void Clear()
    {
        Base = Next;
        Release();
    }

    /// <summary>Gives all arrays back, except a small one that the next entries will want again.</summary>
    private void Release()
    {
        if (_shift == SingleShift)
        {
            if (_chunks[0] is { Length: > KeepWhenEmpty })
                Return(0);
            return;
        }

        for (int i = 0; i < _chunks.Length; i++)
            Return(i);
        _chunks = new Entry[1][];
        _shift = SingleShift;
    }

    private void Return(int chunk)
    {
        if (_chunks[chunk] is not { } array)
            return;
        pool.Return(array);
        _chunks[chunk] = null;
    }

    private void GrowSingle(Entry[]? old)
    {
        if (old is { Length: EntryPool.ChunkLength })
        {
            SplitIntoChunks(old);
            return;
        }

        Entry[] larger = pool.Rent(old is null ? EntryPool.SmallestLength : old.Length * 2);
        for (ulong sequence = Base; sequence < Next; sequence++)
            larger[(int)sequence & (larger.Length - 1)] = old![(int)sequence & _slotMask];
        if (old is not null)
            pool.Return(old);
        _chunks[0] = larger;
        _slotMask = larger.Length - 1;
    }

    private void SplitIntoChunks(Entry[] full)
    {
        _chunks = new Entry[4][];
        _shift = ChunkShift;
        _slotMask = EntryPool.ChunkLength - 1;
        ulong end = Next;
        for (Next = Base; Next < end; Next++)
        {
            EnsureChunk(Next);
            _chunks[(int)(Next >> ChunkShift) & (_chunks.Length - 1)]![(int)Next & _slotMask] =
                full[(int)Next & _slotMask];
        }

        pool.Return(full);
        EnsureChunk(end);
    }

    private void EnsureChunk(ulong sequence)
    {
        ulong first = Base >> ChunkShift;
        ulong last = sequence >> ChunkShift;
        if (last - first >= (ulong)_chunks.Length)
            GrowTable(first, last);
        _chunks[(int)last & (_chunks.Length - 1)] ??= pool.Rent(EntryPool.ChunkLength);
    }

    private void GrowTable(ulong first, ulong last)
    {
        var larger = new Entry[(int)BitOperations.RoundUpToPowerOf2(last - first + 1)][];
        for (ulong chunk = first; chunk < last; chunk++)
            larger[(int)chunk & (larger.Length - 1)] = _chunks[(int)chunk & (_chunks.Length - 1)]!;
        _chunks = larger;
    }
}
