using System.Numerics;

namespace Levada.Cli.Perf;

/// <summary>
/// Counts durations in buckets whose width grows with the value, so that each is known to within one per cent and
/// recording costs a few instructions. One thread records; another may read meanwhile and sees a moment's state.
/// </summary>
internal sealed class LatencyHistogram
{
    // Each power of two is divided into this many buckets; values below are counted exactly.
    private const int SubBucketBits = 7;
    private const int SubBuckets = 1 << SubBucketBits;

    private const int MaxBits = 42;

    /// <summary>Nanoseconds; over an hour. Longer durations are counted as a little less than this.</summary>
    public const long Longest = 1L << MaxBits;

    private readonly long[] _counts = new long[(MaxBits - SubBucketBits + 1) * SubBuckets];

    public long Count { get; private set; }

    /// <summary>Nanoseconds; 0 when there is nothing.</summary>
    public long Min { get; private set; }

    /// <summary>Nanoseconds.</summary>
    public long Max { get; private set; }

    /// <param name="nanoseconds">Negative ones count as 0.</param>
    public void Record(long nanoseconds)
    {
        var value = Math.Clamp(nanoseconds, 0, Longest - 1);
        _counts[IndexOf(value)]++;
        Count++;
        if (value > Max) Max = value;
        if (Count == 1 || value < Min) Min = value;
    }

    /// <summary>Adds what the other one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        if (other.Count == 0) return;
        var min = Count == 0 ? other.Min : Math.Min(Min, other.Min);
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
        Min = min;
    }

    /// <summary>
    /// What was counted since <paramref name="earlier"/>, a former state of this one. The smallest and the largest are
    /// those of their buckets.
    /// </summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        var difference = new LatencyHistogram();
        for (var i = 0; i < _counts.Length; i++)
        {
            var count = _counts[i] - earlier._counts[i];
            if (count <= 0) continue;
            difference._counts[i] = count;
            if (difference.Count == 0) difference.Min = UpperBound(i);
            difference.Count += count;
            difference.Max = UpperBound(i);
        }
        return difference;
    }

    /// <summary>The duration in nanoseconds that this share (0 to 1) of all does not exceed.</summary>
    public long Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _counts.Length && Count > 0; i++)
        {
            seen += _counts[i];
            if (seen >= rank) return Math.Clamp(UpperBound(i), Min, Max);
        }
        return Max;
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - SubBucketBits);
        return (shift << SubBucketBits) + (int)(value >> shift);
    }

    private static long UpperBound(int index)
    {
        // The inverse of IndexOf: a value keeps its top bit in the low part, so the first block is twice as long.
        var shift = Math.Max(0, (index >> SubBucketBits) - 1);
        return ((index - ((long)shift << SubBucketBits) + 1) << shift) - 1;
    }
}
