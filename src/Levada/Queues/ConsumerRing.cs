namespace Levada.Queues;

/// <summary>
/// A queue's consumers, and among them those that have room: one ring a priority, served in turn, higher ones first.
/// With a single active consumer only that one is ever served. Owner: the shard's turn.
/// </summary>
internal sealed class ConsumerRing(bool singleActive)
{
    // In no order.
    private readonly List<Consumer> _all = [];
    private long _arrivals;

    // Descending by priority. Nearly every queue has one entry here.
    private readonly List<PriorityRing> _rings = [];

    public IReadOnlyList<Consumer> All => _all;

    public int Count => _all.Count;

    public bool HasExclusive => Exclusive is not null;

    /// <summary>The one that wants to be the only one.</summary>
    public Consumer? Exclusive { get; private set; }

    /// <summary>
    /// The single active consumer: the first to come, then of those left the first with the highest priority.
    /// </summary>
    public Consumer? Active { get; private set; }

    /// <summary>The next one to serve, or null if none has room.</summary>
    public Consumer? Next
    {
        get
        {
            if (singleActive)
                return Active is { IsReady: true } ? Active : null;
            foreach (var ring in _rings)
            {
                if (ring.Head is not null)
                    return ring.Head;
            }
            return null;
        }
    }

    public void Add(Consumer consumer)
    {
        consumer.RingIndex = _all.Count;
        consumer.Arrival = _arrivals++;
        _all.Add(consumer);
        RingOf(consumer).Members++;
        if (singleActive)
            Active ??= consumer;
        if (consumer.Exclusive)
            Exclusive = consumer;
        Update(consumer);
    }

    public void Remove(Consumer consumer)
    {
        if (consumer.RingIndex < 0)
            return;
        // The last one takes its place: a channel with very many consumers closes in their number, not its square.
        var last = _all[^1];
        _all[consumer.RingIndex] = last;
        last.RingIndex = consumer.RingIndex;
        _all.RemoveAt(_all.Count - 1);
        consumer.RingIndex = -1;
        consumer.IsGone = true;
        if (consumer.Exclusive)
            Exclusive = null;
        Update(consumer);
        if (Active == consumer)
            Active = _all.MaxBy(static c => (c.Priority, -c.Arrival));
        // Clients choose priorities: none may leave anything behind.
        var ring = RingOf(consumer);
        if (--ring.Members == 0)
            _rings.Remove(ring);
    }

    /// <summary>The one just served goes to the end of its ring, or leaves it if it has no more room.</summary>
    public void Served(Consumer consumer)
    {
        if (consumer.HasRoom)
            RingOf(consumer).Head = consumer.NextReady;
        else
            Update(consumer);
    }

    /// <summary>What a consumer may hold was changed. It may be none of them: refused, or gone.</summary>
    public void Changed(Consumer consumer)
    {
        if (consumer.RingIndex >= 0)
            Update(consumer);
    }

    /// <summary>Puts a consumer in its ring or takes it out, as it has room or not.</summary>
    public void Update(Consumer consumer)
    {
        if (consumer.HasRoom == consumer.IsReady)
            return;
        var ring = RingOf(consumer);
        if (consumer.IsReady)
            ring.Remove(consumer);
        else
            ring.AddLast(consumer);
    }

    private PriorityRing RingOf(Consumer consumer)
    {
        var at = 0;
        while (at < _rings.Count && _rings[at].Priority > consumer.Priority)
            at++;
        if (at == _rings.Count || _rings[at].Priority != consumer.Priority)
            _rings.Insert(at, new PriorityRing(consumer.Priority));
        return _rings[at];
    }

    private sealed class PriorityRing(int priority)
    {
        public int Priority { get; } = priority;

        /// <summary>Consumers of this priority, with room or not.</summary>
        public int Members { get; set; }

        public Consumer? Head { get; set; }

        public void AddLast(Consumer consumer)
        {
            if (Head is null)
            {
                consumer.NextReady = consumer.PreviousReady = consumer;
                Head = consumer;
                return;
            }
            var last = Head.PreviousReady!;
            consumer.NextReady = Head;
            consumer.PreviousReady = last;
            last.NextReady = consumer;
            Head.PreviousReady = consumer;
        }

        public void Remove(Consumer consumer)
        {
            if (consumer.NextReady == consumer)
            {
                Head = null;
            }
            else
            {
                consumer.PreviousReady!.NextReady = consumer.NextReady;
                consumer.NextReady!.PreviousReady = consumer.PreviousReady;
                if (Head == consumer)
                    Head = consumer.NextReady;
            }
            consumer.NextReady = consumer.PreviousReady = null;
        }
    }
}
