namespace Levada.Tests.Simulation;

/// <summary>
/// A clock that stands until it is moved. Timers run on the thread that moves it, the earliest first.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Timer> _armed = [];
    private TimeSpan _elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public bool HasTimers => _armed.Count > 0;

    public override DateTimeOffset GetUtcNow() => Start + _elapsed;

    public override long GetTimestamp() => _elapsed.Ticks;

    /// <summary>Time goes by; timers that become due run.</summary>
    public void Advance(TimeSpan by)
    {
        var until = _elapsed + by;
        while (Earliest() is { } timer && timer.DueAt <= until)
            Fire(timer);
        _elapsed = until;
    }

    /// <summary>Goes to the next timer that is due and runs it.</summary>
    public void AdvanceToTimer()
    {
        if (Earliest() is { } timer)
            Fire(timer);
    }

    /// <summary>Forgets all timers: the process is gone.</summary>
    public void Clear() => _armed.Clear();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private Timer? Earliest()
    {
        Timer? earliest = null;
        foreach (var timer in _armed)
        {
            if (earliest is null || timer.DueAt < earliest.DueAt)
                earliest = timer;
        }
        return earliest;
    }

    private void Fire(Timer timer)
    {
        if (timer.DueAt > _elapsed)
            _elapsed = timer.DueAt;
        if (timer.Period > TimeSpan.Zero)
            timer.DueAt = _elapsed + timer.Period;
        else
            _armed.Remove(timer);
        timer.Run();
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan DueAt { get; set; }

        public TimeSpan Period { get; private set; }

        public void Run() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time._armed.Remove(this);
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            DueAt = time._elapsed + dueTime;
            Period = period;
            time._armed.Add(this);
            return true;
        }

        public void Dispose() => time._armed.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
