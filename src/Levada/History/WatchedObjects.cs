namespace Levada.History;

/// <summary>
/// Samples of virtual hosts, queues, exchanges, connections and channels over the last ten minutes, hour and day: of
/// those that somebody looks at, and of others while there is room. Who looks at one that has none takes the place of
/// what was looked at least lately, of one that nobody looked at first. Guarded by its own lock, under which nothing is
/// taken.
/// </summary>
public sealed class WatchedObjects
{
    private readonly BrokerOptions _options;
    private readonly Lock _lock = new();
    private readonly Dictionary<object, Watched> _watched = [];

    internal WatchedObjects(BrokerOptions options) => _options = options;

    /// <summary>
    /// All that can be sampled, the most telling first; asked by the ticker while there is room. Set before the first
    /// tick that shall heed it.
    /// </summary>
    public Func<IEnumerable<(object What, Func<long[]?> Take)>> Find { get; set; } = static () => [];

    public int Count
    {
        get
        {
            lock (_lock)
                return _watched.Count;
        }
    }

    /// <summary>What is sampled of it, from now on if it was not yet.</summary>
    /// <param name="what">What equals it is the same.</param>
    /// <param name="take">Its figures now; null once it is gone. Called from the ticker, too.</param>
    /// <param name="first">Its figures now.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    public Samples Of(object what, Func<long[]?> take, long[] first, long nowMs)
    {
        lock (_lock)
        {
            if (!_watched.TryGetValue(what, out var watched))
            {
                while (_watched.Count >= _options.SampledObjectsMax)
                    _watched.Remove(_watched.MinBy(static one => one.Value.LookedMs).Key);
                watched = Add(what, take, first, nowMs);
            }
            watched.LookedMs = nowMs;
            return watched.Samples;
        }
    }

    internal void Sample(long nowMs)
    {
        KeyValuePair<object, Watched>[] all;
        lock (_lock)
            all = [.. _watched];
        foreach (var (what, watched) in all)
        {
            if (watched.Take() is { } figures)
            {
                watched.Samples.Add(nowMs, figures);
                continue;
            }
            lock (_lock)
                _watched.Remove(what);
        }
        if (Count < _options.SampledObjectsMax)
            FillUp(nowMs);
    }

    private void FillUp(long nowMs)
    {
        foreach (var (what, take) in Find())
        {
            lock (_lock)
            {
                if (_watched.Count >= _options.SampledObjectsMax)
                    return;
                if (_watched.ContainsKey(what))
                    continue;
            }
            if (take() is not { } first)
                continue;
            lock (_lock)
            {
                if (_watched.Count < _options.SampledObjectsMax && !_watched.ContainsKey(what))
                    Add(what, take, first, nowMs);
            }
        }
    }

    // Under the lock.
    private Watched Add(object what, Func<long[]?> take, long[] first, long nowMs)
    {
        var watched = new Watched(new Samples(first.Length, Samples.Day), take);
        watched.Samples.Add(nowMs, first);
        _watched.Add(what, watched);
        return watched;
    }

    private sealed class Watched(Samples samples, Func<long[]?> take)
    {
        public Samples Samples { get; } = samples;

        public Func<long[]?> Take { get; } = take;

        /// <summary>Under the lock; 0 if nobody has.</summary>
        public long LookedMs { get; set; }
    }
}
