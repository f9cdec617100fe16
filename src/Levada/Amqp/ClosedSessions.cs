using System.Runtime.CompilerServices;
using Levada.Catalog;

namespace Levada.Amqp;

/// <summary>
/// What was closed lately, by virtual host, and goes with it. Connections that their clients closed normally are kept
/// apart and channels closed normally not at all, so that they push nothing out that somebody may look for. Channels
/// that end with their connection are not kept: it tells why. Safe from any thread: one lock, a leaf, taken once a
/// close.
/// </summary>
public sealed class ClosedSessions
{
    private readonly ConditionalWeakTable<VHost, Rings> _rings = [];
    private readonly Lock _adding = new();
    private readonly CatalogStore _catalog;
    private readonly int _max;

    internal ClosedSessions(CatalogStore catalog, int max)
    {
        _catalog = catalog;
        _max = max;
    }

    internal void Add(VHost vhost, ClosedSession session)
    {
        var isChannel = session.Number is not null;
        if (isChannel && session.Reason.IsNormal)
            return;
        lock (_adding)
        {
            var rings = _rings.GetValue(vhost, _ => new Rings(_max));
            (isChannel ? rings.Channels : session.Reason.IsNormal ? rings.Normal : rings.Connections).Add(session);
        }
    }

    /// <summary>Closed connections of all virtual hosts, the last one first.</summary>
    public IReadOnlyList<ClosedSession> Connections() => Take(static r => r.Connections.All.Concat(r.Normal.All));

    /// <summary>Channels that were not closed normally, the last one first.</summary>
    public IReadOnlyList<ClosedSession> Channels() => Take(static r => r.Channels.All);

    /// <summary>How many are kept in the ring that has most, and the memory that all rings take.</summary>
    public (int Most, long Bytes) Use()
    {
        var (most, bytes) = (0, 0L);
        lock (_adding)
        {
            foreach (var ring in Present().SelectMany(static r => r.All))
                (most, bytes) = (Math.Max(most, ring.Count), bytes + ring.Bytes);
        }
        return (most, bytes);
    }

    private IReadOnlyList<ClosedSession> Take(Func<Rings, IEnumerable<ClosedSession>> which)
    {
        ClosedSession[] taken;
        lock (_adding)
            taken = [.. Present().SelectMany(which)];
        return [.. taken.OrderByDescending(static s => s.ClosedAt)];
    }

    private IEnumerable<Rings> Present()
    {
        foreach (var vhost in _catalog.VHosts)
        {
            if (_rings.TryGetValue(vhost, out var rings))
                yield return rings;
        }
    }

    private sealed class Rings(int max)
    {
        public ClosedRing Connections { get; } = new(max);

        public ClosedRing Normal { get; } = new(max);

        public ClosedRing Channels { get; } = new(max);

        public IEnumerable<ClosedRing> All => [Connections, Normal, Channels];
    }
}
