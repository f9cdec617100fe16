namespace Levada.History;

/// <summary>
/// What the broker was like over the last ten minutes, hour and day: its own figures, and those of a bounded number of
/// objects. Sampled by the ticker every five seconds, from counters that are there anyway.
/// </summary>
public sealed class BrokerHistory
{
    private readonly Broker _broker;

    // Owner: the ticker.
    private long _nextMs;

    internal BrokerHistory(Broker broker, BrokerOptions options)
    {
        _broker = broker;
        Watched = new WatchedObjects(options);
    }

    /// <summary>By <see cref="NodeFigures"/>.</summary>
    public Samples Node { get; } = new(NodeFigures.Count, Samples.Day);

    public WatchedObjects Watched { get; }

    internal void Tick(long tickMs)
    {
        if (tickMs < _nextMs)
            return;
        _nextMs = tickMs + Samples.StepMs;
        var nowMs = _broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
        Node.Add(nowMs, NodeFigures.Take(_broker.GetOverview(), NodeUse.Take()));
        Watched.Sample(nowMs);
    }
}
