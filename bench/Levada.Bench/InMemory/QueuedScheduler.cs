using Levada.Platform;

namespace Levada.Bench.InMemory;

/// <summary>
/// Everything on one thread: work that the broker hands over waits here until <see cref="Drain"/> runs it. So a
/// measurement sees all that a message costs, whoever does it. Safe from any thread, as timers hand work over too.
/// </summary>
internal sealed class QueuedScheduler : IScheduler
{
    private readonly Lock _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _work = [];

    public bool MayRunInline => true;

    public void Run(IThreadPoolWorkItem work)
    {
        lock (_lock)
            _work.Enqueue(work);
    }

    public void RunBlocking(IThreadPoolWorkItem work) => Run(work);

    /// <summary>Runs what waits, and what comes of that, until nothing is left.</summary>
    public void Drain()
    {
        while (true)
        {
            IThreadPoolWorkItem? work;
            lock (_lock)
            {
                if (!_work.TryDequeue(out work))
                    return;
            }

            work.Execute();
        }
    }
}
