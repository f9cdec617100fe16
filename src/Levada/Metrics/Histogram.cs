namespace Levada.Metrics;

/// <summary>
/// How often something came out how large, by fixed bounds. Safe from any thread; counting allocates nothing.
/// </summary>
/// <param name="bounds">Upper bounds, ascending; what is above the last one is counted too.</param>
public sealed class Histogram(params long[] bounds)
{
    private readonly long[] _counts = new long[bounds.Length + 1];
    private long _sum;

    /// <summary>In the unit of what is counted.</summary>
    public IReadOnlyList<long> Bounds => bounds;

    /// <summary>The sum of all that was counted.</summary>
    public long Sum => Interlocked.Read(ref _sum);

    /// <summary>How many were not above each bound and above the one before; at the end those above all.</summary>
    public long[] Counts()
    {
        var counts = new long[_counts.Length];
        for (var i = 0; i < counts.Length; i++)
            counts[i] = Interlocked.Read(ref _counts[i]);
        return counts;
    }

    /// <summary>Is told each value as it is counted; null mostly.</summary>
    public Action<long>? Observed { get; set; }

    internal void Add(long value)
    {
        Observed?.Invoke(value);
        var at = 0;
        while (at < bounds.Length && value > bounds[at])
            at++;
        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _sum, value);
    }
}
