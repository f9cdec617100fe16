namespace Levada.History;

/// <summary>
/// Some figures over time, in bounded memory: rings of ever coarser steps, 387 samples of each figure at most. Added to
/// by one thread, read by any; both under a lock of its own, a leaf.
/// </summary>
public sealed class Samples
{
    /// <summary>RabbitMQ's step: what is sampled is sampled so often.</summary>
    public const int StepMs = 5_000;

    /// <summary>Ten minutes, an hour and a day.</summary>
    internal static readonly (int StepMs, int Count)[] Day =
        [(StepMs, 121), (30_000, 121), (600_000, 145)];

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

    /// <summary>Of the oldest sample that is kept, in milliseconds since 1970; 0 without any.</summary>
    public long SinceMs
    {
        get
        {
            lock (_lock)
                return _rings.Select(static ring => ring.FirstMs).Where(static ms => ms > 0).DefaultIfEmpty().Min();
        }
    }

    /// <summary>
    /// A figure at equal distances, the latest first, as if it went straight from sample to sample; 0 from before the
    /// first one, as RabbitMQ has it.
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

    // Of the finest ring that reaches back so far.
    private long At(int figure, long atMs)
    {
        foreach (var ring in _rings)
        {
            if (ring.At(figure, atMs) is { } value)
                return value;
        }
        return 0;
    }

    private sealed class Ring(int figures, int stepMs, int count)
    {
        private const int FirstRoom = 8;

        // They grow up to count, since most of what is sampled does not live for a day.
        private long[] _times = new long[Math.Min(FirstRoom, count)];
        private long[] _values = new long[figures * Math.Min(FirstRoom, count)];
        private int _next;

        public long FirstMs => _times[_next] != 0 ? _times[_next] : _times[0];

        public void Add(long nowMs, ReadOnlySpan<long> values)
        {
            var last = _times[(_next + _times.Length - 1) % _times.Length];
            // A tick may come a little early.
            if (last != 0 && nowMs - last < stepMs - (stepMs / 10))
                return;
            if (_times[_next] != 0 && _times.Length < count)
                Grow();
            _times[_next] = nowMs;
            values.CopyTo(_values.AsSpan(_next * figures, figures));
            _next = (_next + 1) % _times.Length;
        }

        // It is full for the first time, so that the oldest is at the beginning.
        private void Grow()
        {
            _next = _times.Length;
            var room = Math.Min(count, _times.Length * 2);
            Array.Resize(ref _times, room);
            Array.Resize(ref _values, room * figures);
        }

        /// <summary>The value and time of the last sample not after a moment; time 0 if there is none.</summary>
        public (long Value, long TimeMs) LastBefore(int figure, long atMs) =>
            IndexBefore(atMs) is { } at ? (Value(figure, at), _times[at]) : default;

        /// <summary>Null from before the first sample.</summary>
        public long? At(int figure, long atMs)
        {
            if (IndexBefore(atMs) is not { } at)
                return null;
            var (value, next) = (Value(figure, at), (at + 1) % _times.Length);
            if (next == _next || _times[next] <= _times[at])
                return value;
            var share = (double)(atMs - _times[at]) / (_times[next] - _times[at]);
            return value + (long)((Value(figure, next) - value) * share);
        }

        private long Value(int figure, int at) => _values[(at * figures) + figure];

        private int? IndexBefore(long atMs)
        {
            for (var i = 1; i <= _times.Length; i++)
            {
                var at = (_next + _times.Length - i) % _times.Length;
                if (_times[at] == 0)
                    break;
                if (_times[at] <= atMs)
                    return at;
            }
            return null;
        }
    }
}
