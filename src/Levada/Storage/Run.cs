using System.Numerics;
using Levada.Accounting;

namespace Levada.Storage;

/// <summary>
/// Messages of one queue that stand behind each other in a segment, by rising sequence. Owned by the turn.
/// Which of them are settled is told by a mark below which all are, and by a bitmap that exists only once messages
/// were settled out of order, or if the sequences have holes; a hole counts as settled.
/// </summary>
internal sealed class Run
{
    private ulong[]? _settled;

    public required Segment Segment { get; init; }

    public required QueueMessages Queue { get; init; }

    /// <summary>Where its first record begins in the file.</summary>
    public required long Offset { get; init; }

    /// <summary>Bytes of all its records.</summary>
    public required long Length { get; init; }

    public required ulong First { get; init; }

    public required ulong Last { get; init; }

    /// <summary>Records in the file.</summary>
    public required int Count { get; init; }

    /// <summary>Where its blocks begin, the first left out: sequence and offset in the file.</summary>
    public required BlockStart[] Blocks { get; init; }

    /// <summary>Messages not settled.</summary>
    public int Live { get; set; }

    /// <summary>The bodies of the live messages, in bytes.</summary>
    public long LiveBytes { get; set; }

    /// <summary>The bodies of those live ones that are unacked, in bytes.</summary>
    public long UnackedBytes { get; set; }

    /// <summary>All sequences below this are settled.</summary>
    public ulong SettledBelow { get; private set; }

    /// <summary>One bit for each sequence from the first; null while the mark says it all.</summary>
    public ReadOnlySpan<ulong> SettledBits => _settled;

    public long HeldBytes => ObjectSize.Of<Run>() + ObjectSize.Array<BlockStart>(Blocks.Length)
        + ObjectSize.Array<ulong>(_settled?.Length ?? 0);

    private int Words => (int)((Last - First) / 64) + 1;

    /// <summary>What a new run knows of its holes, or a recovered one of what was settled.</summary>
    public void Restore(ulong settledBelow, ulong[]? bits)
    {
        SettledBelow = Math.Max(settledBelow, First);
        _settled = bits;
    }

    public bool IsSettled(ulong sequence) => sequence < SettledBelow
        || (_settled is { } bits && (bits[(sequence - First) / 64] & (1ul << (int)((sequence - First) % 64))) != 0);

    /// <summary>False if it was settled before.</summary>
    public bool Settle(ulong sequence, int bodyBytes)
    {
        if (IsSettled(sequence))
            return false;
        if (sequence == SettledBelow)
        {
            SettledBelow++;
        }
        else
        {
            _settled ??= new ulong[Words];
            _settled[(sequence - First) / 64] |= 1ul << (int)((sequence - First) % 64);
        }

        Live--;
        LiveBytes = Live == 0 ? 0 : Math.Max(0, LiveBytes - bodyBytes);
        return true;
    }

    /// <summary>Settles all from one sequence to another.</summary>
    /// <returns>How many were live.</returns>
    public int SettleRange(ulong first, ulong last)
    {
        first = Math.Max(first, SettledBelow);
        last = Math.Min(last, Last);
        if (first > last)
            return 0;
        int settled = CountLive(first, last);
        if (first == SettledBelow)
            SettledBelow = last + 1;
        else
            SetBits(first, last);
        Live -= settled;
        return settled;
    }

    /// <summary>How many from one sequence to another are not settled.</summary>
    public int CountLive(ulong first, ulong last)
    {
        first = Math.Max(first, SettledBelow);
        last = Math.Min(last, Last);
        if (first > last)
            return 0;
        int count = (int)(last - first) + 1;
        if (_settled is not { } bits)
            return count;
        for (ulong word = (first - First) / 64; word <= (last - First) / 64; word++)
            count -= BitOperations.PopCount(bits[word] & Mask(word, first, last));
        return count;
    }

    /// <summary>The block that a sequence stands in: number, and where it begins and ends in the file.</summary>
    public (int Block, long Start, long End) BlockOf(ulong sequence)
    {
        int low = 0, high = Blocks.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Blocks[middle].Sequence <= sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return (low, BlockStartOffset(low), BlockStartOffset(low + 1));
    }

    /// <summary>Where a block begins; for the number after the last block, where the run ends.</summary>
    public long BlockStartOffset(int block) =>
        block == 0 ? Offset : block <= Blocks.Length ? Blocks[block - 1].Offset : Offset + Length;

    private void SetBits(ulong first, ulong last)
    {
        _settled ??= new ulong[Words];
        for (ulong word = (first - First) / 64; word <= (last - First) / 64; word++)
            _settled[word] |= Mask(word, first, last);
    }

    /// <summary>The bits of a word that lie between two sequences.</summary>
    private ulong Mask(ulong word, ulong first, ulong last)
    {
        ulong mask = ulong.MaxValue;
        if (word == (first - First) / 64)
            mask &= ulong.MaxValue << (int)((first - First) % 64);
        if (word == (last - First) / 64)
            mask &= ulong.MaxValue >> (63 - (int)((last - First) % 64));
        return mask;
    }
}

/// <summary>The first record of a block: its sequence, and its offset in the file.</summary>
internal readonly record struct BlockStart(ulong Sequence, long Offset);
