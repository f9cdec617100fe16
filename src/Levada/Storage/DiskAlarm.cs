namespace Levada.Storage;

/// <summary>Who finds the disk full; the shard hears of the first and of the last. Owned by the turn.</summary>
internal sealed class DiskAlarm(Action<bool> changed)
{
    private DiskNeed _full;

    public void Set(DiskNeed need, bool isFull)
    {
        DiskNeed before = _full;
        _full = isFull ? _full | need : _full & ~need;
        if (before == 0 != (_full == 0))
            changed(_full != 0);
    }
}

/// <summary>What space is needed for.</summary>
[Flags]
internal enum DiskNeed
{
    Journal = 1,
    NextJournalFile = 2,
    Segment = 4,
    VolatileSegment = 8,
}
