namespace Levada.Storage;

/// <summary>
/// Lets a clean stop wait for work on disk threads, and keeps work that has not begun from beginning.
/// </summary>
internal sealed class WorkGate
{
    private readonly object _lock = new();
    private int _inside;
    private bool _closed;

    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _closed;
        }
    }

    public bool TryEnter()
    {
        lock (_lock)
        {
            if (_closed)
                return false;
            _inside++;
            return true;
        }
    }

    public void Exit()
    {
        lock (_lock)
        {
            if (--_inside == 0)
                Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Blocks until nobody is inside; from then on nobody gets in.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            while (_inside > 0)
                Monitor.Wait(_lock);
        }
    }
}
