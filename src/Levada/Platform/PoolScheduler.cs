namespace Levada.Platform;

/// <summary>The real scheduler: short work on the thread pool, work that waits for a disk on threads of its own.</summary>
public sealed class PoolScheduler : IScheduler
{
    public bool MayRunInline => true;

    public void Run(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);

    public void RunBlocking(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}
