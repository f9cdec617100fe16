namespace Levada.History;

/// <summary>
/// Some figures over time, in bounded memory: rings of ever coarser steps. Added to by one thread, read by any; both
/// under a lock of its own, a leaf.
/// </summary>
public sealed class Samples
{
    /// <summary>RabbitMQ's step: what is sampled is sampled so often.</summary>
    public const int StepMs = 5_000;

    /// <summary>Ten minutes, an hour and a day.</summary>
    internal static readonly (int StepMs, int Count)[] Day =
        [(StepMs, 121), (30_000, 121), (600_000, 145)];

    /// <summary>Ten minutes.</summary>
    internal static readonly (int StepMs, int Count)[] TenMinutes = [(StepMs, 121)];

    private readonly Lock _lock = new();
    private readonly int _figures;
    private readonly Ring[] _rings;

    internal Samples(int figures, (int StepMs, int Count)[] spans)
    {
        _figures = figures;
        _rings = [.. spans.Select(span => new Ring(figures, span.StepMs, span.Count))];
    }

    /// <summary>
    /// Adds the figures of a moment, in milliseconds since 1970; a clock that was set back adds none.
    /// </summary>
    internal void Add(long nowMs, ReadOnlySpan<long> figures)
    {
        lock (_lock)
        {
            foreach (var ring in _rings)
                ring.Add(nowMs, figures);
        }
    }

    /// <summary>A figure's growth by the second since the last sample that is a step old; 0 without one.</summary>
    /// <param name="figure">Its number.</param>
    /// <param name="now">What it is.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    public double Rate(int figure, long now, long nowMs)
    {
        lock (_lock)
        {
            var (before, beforeMs) = _rings[0].LastBefore(figure, nowMs - StepMs);
            return beforeMs == 0 ? 0 : (now - before) * 1000.0 / Math.Max(1, nowMs - beforeMs);
        }
    }

    /// <summary>
    /// A figure at equal distances, the latest first; 0 from before the first sample, as RabbitMQ has it.
    /// </summary>
    /// <param name="figure">Its number.</param>
    /// <param name="toMs">The latest moment, in milliseconds since 1970.</param>
    /// <param name="stepMs">The distance.</param>
    /// <param name="count">How many.</param>
    public IReadOnlyList<Sample> Read(int figure, long toMs, long stepMs, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(figure, _figures);
        var samples = new Sample[count];
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
            {
                var atMs = toMs - (i * stepMs);
                samples[i] = new Sample(At(figure, atMs), atMs);
            }
        }
        return samples;
    }

    // The finest ring that reaches back so far.
    private long At(int figure, long atMs)
    {
        foreach (var ring in _rings)
        {
            if (ring.LastBefore(figure, atMs) is (var value, > 0))
                return value;
        }
        return 0;
    }

    private sealed class Ring(int figures, int stepMs, int count)
    {
        private readonly long[] _times = new long[count];
        private readonly long[] _values = new long[figures * count];
        private int _next;

        public void Add(long nowMs, ReadOnlySpan<long> values)
        {
            var last = _times[(_next + count - 1) % count];
            // A tick may come a little early.
            if (last != 0 && nowMs - last < stepMs - (stepMs / 10))
                return;
            _times[_next] = nowMs;
            values.CopyTo(_values.AsSpan(_next * figures, figures));
            _next = (_next + 1) % count;
        }

        /// <summary>The value and time of the last sample not after a moment; time 0 if there is none.</summary>
        public (long Value, long TimeMs) LastBefore(int figure, long atMs)
        {
            for (var i = 1; i <= count; i++)
            {
                var at = (_next + count - i) % count;
                if (_times[at] == 0)
                    break;
                if (_times[at] <= atMs)
                    return (_values[(at * figures) + figure], _times[at]);
            }
            return default;
        }
    }
}
