namespace Levada.Platform;

/// <summary>
/// Threads for work that waits for a disk: made when all others are busy, gone after a while without work.
/// One lock guards everything here; it is held for a few instructions.
/// </summary>
internal sealed class DiskThreads(int threadsMax)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(20);

    private readonly object _lock = new();
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private int _threads;
    private int _idle;

    public void Run(IThreadPoolWorkItem work)
    {
        lock (_lock)
        {
            _work.Enqueue(work);
            if (_work.Count <= _idle || _threads == threadsMax)
            {
                Monitor.Pulse(_lock);
                return;
            }

            _threads++;
        }

        new Thread(Loop) { IsBackground = true, Name = "disk" }.Start();
    }

    private void Loop()
    {
        while (Next() is { } work)
            work.Execute();
    }

    private IThreadPoolWorkItem? Next()
    {
        lock (_lock)
        {
            bool waited = true;
            while (_work.Count == 0)
            {
                if (!waited)
                {
                    _threads--;
                    return null;
                }

                _idle++;
                waited = Monitor.Wait(_lock, IdleTime);
                _idle--;
            }

            return _work.Dequeue();
        }
    }
}
