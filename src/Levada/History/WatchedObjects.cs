namespace Levada.History;

/// <summary>
/// Samples of what somebody looks at: a queue, a connection, a virtual host. From the first look on, for as long as
/// somebody looks each minute, and of so many at once: who looks at more takes the place of what was looked at least
/// lately. Guarded by its own lock, under which nothing is taken.
/// </summary>
public sealed class WatchedObjects
{
    /// <summary>At most so many at once: some 25 kB each.</summary>
    public const int Max = 100;

    private const long ForgottenAfterMs = 60_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<object, Watched> _watched = [];

    /// <summary>What is sampled of it, from now on if it was not yet.</summary>
    /// <param name="what">What equals it is the same.</param>
    /// <param name="take">Its figures now; called from the ticker, too.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    public Samples Of(object what, Func<long[]> take, long nowMs)
    {
        lock (_lock)
        {
            if (_watched.TryGetValue(what, out var known))
            {
                known.LookedMs = nowMs;
                return known.Samples;
            }
        }
        var first = take();
        var watched = new Watched(new Samples(first.Length, Samples.TenMinutes), take) { LookedMs = nowMs };
        watched.Samples.Add(nowMs, first);
        lock (_lock)
        {
            if (_watched.Count >= Max)
                _watched.Remove(_watched.MinBy(static one => one.Value.LookedMs).Key);
            _watched[what] = watched;
        }
        return watched.Samples;
    }

    internal void Sample(long nowMs)
    {
        List<Watched> all;
        lock (_lock)
        {
            foreach (var (what, watched) in _watched)
            {
                if (nowMs - watched.LookedMs > ForgottenAfterMs)
                    _watched.Remove(what);
            }
            all = [.. _watched.Values];
        }
        foreach (var watched in all)
            watched.Samples.Add(nowMs, watched.Take());
    }

    private sealed class Watched(Samples samples, Func<long[]> take)
    {
        public Samples Samples { get; } = samples;

        public Func<long[]> Take { get; } = take;

        /// <summary>Under the lock.</summary>
        public long LookedMs { get; set; }
    }
}
