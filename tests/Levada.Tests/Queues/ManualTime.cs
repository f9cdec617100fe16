namespace Levada.Tests.Queues;

/// <summary>
/// A clock that stands until the test moves it; timers run on the thread that does, the earliest first.
/// </summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _armed = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public void Advance(int ms)
    {
        DateTimeOffset until;
        lock (_lock)
            until = _now.AddMilliseconds(ms);
        while (TakeDue(until) is { } timer)
            timer.Run();
        lock (_lock)
            _now = until;
    }

    /// <summary>Time goes by, and no timer has gone off yet.</summary>
    public void AdvanceBeforeTimers(int ms)
    {
        lock (_lock)
            _now = _now.AddMilliseconds(ms);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? TakeDue(DateTimeOffset until)
    {
        lock (_lock)
        {
            var timer = _armed.MinBy(static t => t.DueAt);
            if (timer is null || timer.DueAt > until)
                return null;
            if (timer.DueAt > _now)
                _now = timer.DueAt;
            if (timer.Period > TimeSpan.Zero)
                timer.DueAt = _now + timer.Period;
            else
                _armed.Remove(timer);
            return timer;
        }
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._armed.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                    return true;
                DueAt = time._now + dueTime;
                Period = period;
                time._armed.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (time._lock)
                time._armed.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
