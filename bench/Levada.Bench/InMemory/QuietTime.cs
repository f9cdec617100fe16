namespace Levada.Bench.InMemory;

/// <summary>
/// The system's clock with timers that never fire: they would bring other threads in. Where somebody waits for the
/// disk none is needed.
/// </summary>
internal sealed class QuietTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Never();

    private sealed class Never : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
