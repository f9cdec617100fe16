using Levada.Accounting;

namespace Levada.Amqp;

/// <summary>
/// The usages of one kind by name, bounded: those that are idle are forgotten when there are too many, their totals
/// added to <see cref="Others"/>, so that the sums stay exact. Guarded by the lock of <see cref="OpenConnections"/>.
/// </summary>
/// <param name="kind">Of all of them.</param>
/// <param name="keep">Idle ones are forgotten above so many.</param>
/// <param name="rate">The new connections a second that one may make; 0 is no limit.</param>
/// <param name="grows">
/// With more than that in use there are more of them; else <see cref="Others"/> stands for those that come late.
/// </param>
internal sealed class UsageTable(UsageKind kind, int keep, int rate, bool grows = true)
{
    private readonly Dictionary<string, Usage> _byName = new(StringComparer.Ordinal);
    private int _sweepAt;

    // If it does not grow: how many more may come late before it is swept again, which takes a while.
    private int _lateUntilSweep;

    /// <summary>Those that were forgotten, together.</summary>
    public Usage Others { get; } = new(kind, "", 0);

    /// <summary>New connections a second that one may make; 0 is no limit.</summary>
    public int Rate { get; } = rate;

    /// <summary>Its memory.</summary>
    public long HeldBytes => ObjectSize.Room(_byName)
        + _byName.Keys.Sum(static name => ObjectSize.Of<Usage>() + ObjectSize.String(name));

    public IReadOnlyCollection<Usage> All => _byName.Values;

    public Usage Get(string name, long nowMs)
    {
        if (_byName.TryGetValue(name, out var usage))
            return usage;
        if (IsSweepDue())
            Sweep(nowMs);
        if (_byName.Count >= keep && !grows)
            return Others;
        usage = new Usage(kind, name, nowMs);
        _byName.Add(name, usage);
        return usage;
    }

    private bool IsSweepDue()
    {
        if (grows)
            return _byName.Count >= Math.Max(keep, _sweepAt);
        return _byName.Count >= keep && --_lateUntilSweep <= 0;
    }

    // What is in use stays, however many there are: they are bounded by connections.
    private void Sweep(long nowMs)
    {
        foreach (var usage in _byName.Values.Where(usage => usage.IsIdle(Rate, nowMs)).ToList())
        {
            Others.Total += usage.Total;
            _byName.Remove(usage.Name);
        }
        _sweepAt = _byName.Count * 2;
        _lateUntilSweep = keep / 10;
    }
}
