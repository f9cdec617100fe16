namespace Levada.Platform;

/// <summary>A timer that runs an action once after being armed; arming it again before that changes nothing.</summary>
internal sealed class OneShotTimer : IDisposable
{
    private readonly ITimer _timer;
    private readonly Action _action;
    private int _armed;

    public OneShotTimer(TimeProvider time, Action action)
    {
        _action = action;
        _timer = time.CreateTimer(
            static state => ((OneShotTimer)state!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any thread.</summary>
    public void Arm(TimeSpan delay)
    {
        if (Interlocked.Exchange(ref _armed, 1) == 0)
            _timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        Volatile.Write(ref _armed, 0);
        _action();
    }
}
