namespace Levada.Storage;

/// <summary>
/// A purge of one queue's messages of one priority: what was ready when it began goes, piece by piece. Owned by the
/// turn.
/// </summary>
/// <param name="end">The sequence that was the next one when it began: what comes later stays.</param>
internal sealed class Purging(ulong end)
{
    public ulong End => end;

    /// <summary>Removed so far.</summary>
    public long Count { get; set; }

    /// <summary>Where it goes on in the ring.</summary>
    public ulong NextInRing { get; set; }

    /// <summary>Where it goes on among the durable runs, and among the others.</summary>
    public ulong[] NextInRuns { get; } = new ulong[2];

    /// <summary>How much of this piece is left to be done, in messages.</summary>
    public int Work { get; set; }
}
