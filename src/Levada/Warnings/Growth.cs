namespace Levada.Warnings;

/// <summary>A figure watched over a time and over longer ones, for what takes its time to grow.</summary>
/// <param name="windowMs">The shortest of the times.</param>
/// <param name="mustDouble">It must have doubled in that time: what swings may rise a few times by chance.</param>
internal sealed class Growth(long windowMs, bool mustDouble)
{
    private readonly LowWater[] _windows = [new(windowMs), new(windowMs * 6), new(windowMs * 36)];

    /// <summary>
    /// The shortest time over which it was found to grow; that stands until nothing of it is left, or it has stopped.
    /// </summary>
    public LowWater? Found { get; private set; }

    /// <summary>The last look that saw a reason to keep it.</summary>
    public long Look { get; set; }

    public void Add(long value, long nowMs)
    {
        foreach (var window in _windows)
            window.Add(value, nowMs);
        if (Found is null || Found.Gained == 0)
            Found = Array.Find(_windows, w => w.IsRising && (!mustDouble || w.Gained >= w.First));
    }
}
