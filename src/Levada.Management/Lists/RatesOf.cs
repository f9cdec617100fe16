using System.Diagnostics;
using System.Runtime.CompilerServices;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>
/// What rates of objects are counted from that keep nothing for it themselves: two samples of each that was looked at,
/// for as long as it lives. Safe from any thread.
/// </summary>
/// <param name="none">The sample of an object's beginning.</param>
internal sealed class RatesOf<T, TSample>(TSample none)
    where T : class
    where TSample : class
{
    private readonly ConditionalWeakTable<T, RateBase<TSample>> _bases = [];

    // Of an object that was never looked at the rate is that since the process began.
    private readonly long _beganMs = Environment.TickCount64 - (long)UpFor().TotalMilliseconds;

    /// <summary>The sample to compare this one with, and how long ago that was.</summary>
    /// <param name="what">Of which.</param>
    /// <param name="now">Its sample.</param>
    /// <param name="beganMs">When it began, by the system's tick count, if that is known.</param>
    public (TSample Before, TimeSpan Over) Look(T what, TSample now, long? beganMs = null)
    {
        var at = _bases.GetValue(
            what, _ => new RateBase<TSample>(none, static sample => sample, beganMs ?? _beganMs));
        lock (at)
            return at.Look(now, Environment.TickCount64);
    }

    private static TimeSpan UpFor()
    {
        using var process = Process.GetCurrentProcess();
        return TimeProvider.System.GetLocalNow() - process.StartTime;
    }
}
