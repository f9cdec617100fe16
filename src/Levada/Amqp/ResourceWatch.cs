using Levada.Platform;

namespace Levada.Amqp;

/// <summary>
/// Looks at free disk space and at the process's memory, and raises or clears their alarms. Called by the ticker, and
/// once before it starts; the figures may be read from anywhere.
/// </summary>
internal sealed class ResourceWatch(BrokerOptions options, IDisk disk, Alarms alarms, Func<bool> isDiskFull)
{
    /// <summary>So often at most a collection that gives memory back to the system is worth its time.</summary>
    private static readonly TimeSpan CollectEvery = TimeSpan.FromSeconds(10);

    private long _diskFree;
    private long _memoryUsed;
    private long _lastCollection;

    /// <summary>Bytes free where the data folder is.</summary>
    public long DiskFree => Volatile.Read(ref _diskFree);

    /// <summary>Resident bytes of the process.</summary>
    public long MemoryUsed => Volatile.Read(ref _memoryUsed);

    /// <summary>The memory alarm is on above so many bytes; 0 is no limit.</summary>
    public long MemoryLimit => options.MemoryHighWatermark > 0
        ? options.MemoryHighWatermark : (long)(TotalMemory * options.MemoryHighWatermarkRelative);

    /// <summary>The disk alarm is on below so many free bytes; 0 is no limit.</summary>
    public long DiskLimit => options.DiskFreeLimitRelative > 0
        ? (long)(TotalMemory * options.DiskFreeLimitRelative) : options.DiskFreeLimit;

    private long TotalMemory => options.TotalMemory > 0 ? options.TotalMemory : MachineMemory.AvailableBytes();

    /// <exception cref="IOException">The file system does not tell.</exception>
    public void Check()
    {
        CheckMemory();
        CheckDisk();
    }

    private void CheckDisk()
    {
        var free = disk.FreeBytes(options.DataDir);
        var limit = DiskLimit;
        Volatile.Write(ref _diskFree, free);
        if (isDiskFull())
            alarms.Set(Alarms.Disk, "low on disk (a write found no space)", isFull: true);
        else if (free < limit)
            alarms.Set(Alarms.Disk, $"low on disk ({Megabytes(free)} free, limit {Megabytes(limit)})");
        else
            alarms.Clear(Alarms.Disk);
    }

    private void CheckMemory()
    {
        var limit = MemoryLimit;
        var used = Environment.WorkingSet;
        if (limit > 0 && used > limit && Environment.TickCount64 - _lastCollection > CollectEvery.TotalMilliseconds)
        {
            // What is dead but not collected is no shortage; and only this gives it back, so that an alarm can end.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _lastCollection = Environment.TickCount64;
            used = Environment.WorkingSet;
        }
        Volatile.Write(ref _memoryUsed, used);
        if (limit > 0 && used > limit)
            alarms.Set(Alarms.Memory, $"low on memory ({Megabytes(used)} used, limit {Megabytes(limit)})");
        else
            alarms.Clear(Alarms.Memory);
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:0.#} MB");
}
