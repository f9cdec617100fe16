namespace Levada.Platform;

/// <summary>
/// The real scheduler: short work on the thread pool, work that waits for a disk on threads of its own.
/// </summary>
public sealed class PoolScheduler : IScheduler
{
    /// <summary>More than two a shard: a flush never waits behind a segment that is being written.</summary>
    private const int DiskThreadsMax = 24;

    private readonly DiskThreads _disk = new(DiskThreadsMax);

    public bool MayRunInline => true;

    public void Run(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public void RunBlocking(IThreadPoolWorkItem work) => _disk.Run(work);
}
