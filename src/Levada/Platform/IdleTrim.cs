namespace Levada.Platform;

/// <summary>
/// Gives memory back to the system when the broker has had nothing to do for a while. The runtime collects when it
/// allocates, so what a busy hour left behind would stay for as long as it is quiet. Called by the ticker.
/// </summary>
/// <param name="after">How long it must have been quiet; zero is never.</param>
/// <param name="time">The broker's clock.</param>
/// <param name="collect">Gives memory back.</param>
internal sealed class IdleTrim(TimeSpan after, TimeProvider time, Action collect)
{
    // The runtime's own pools let go of what was not used for a minute, by a collection and not before.
    private static readonly TimeSpan UntilSecond = TimeSpan.FromSeconds(90);

    private long _seen = -1;
    private long _quietSince;
    private int _done;

    /// <param name="work">Grows with each piece of work that is done.</param>
    public void Tick(long work)
    {
        if (after == TimeSpan.Zero)
            return;
        if (work != _seen)
        {
            (_seen, _quietSince, _done) = (work, time.GetTimestamp(), 0);
            return;
        }
        if (_done == 2 || time.GetElapsedTime(_quietSince) < (_done == 0 ? after : after + UntilSecond))
            return;
        _done++;
        collect();
    }

    /// <summary>All that the runtime can give back, at once.</summary>
    public static void Collect() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
