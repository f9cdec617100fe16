using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// When which queue of a shard has something to do by itself. One timer for all of them, set to the earliest; a queue
/// that waits for nothing is not in here. Owner: the shard's turn; the timer only posts.
/// </summary>
internal sealed class WakeTimes(Shard shard, TimeProvider time) : IDisposable
{
    // Timers end where 32 bits do; who waits longer is looked at once a day.
    private const long LongestMs = 24 * 60 * 60 * 1000;

    private readonly SortedSet<(long AtMs, ulong Queue)> _waiting = [];
    private ITimer? _timer;
    private long _armedForMs = long.MaxValue;

    /// <summary>Touches the queue at that time at the latest.</summary>
    public void Wake(QueueState queue, long atMs)
    {
        if (queue.WakeAtMs <= atMs)
            return;
        Forget(queue);
        queue.WakeAtMs = atMs;
        _waiting.Add((atMs, queue.Queue.Id.Value));
    }

    public void Forget(QueueState queue)
    {
        if (queue.WakeAtMs == long.MaxValue)
            return;
        _waiting.Remove((queue.WakeAtMs, queue.Queue.Id.Value));
        queue.WakeAtMs = long.MaxValue;
    }

    /// <summary>The end of a turn: the timer goes off when the next queue is due.</summary>
    public void Arm()
    {
        if (_waiting.Count == 0 || _waiting.Min.AtMs >= _armedForMs)
            return;
        _armedForMs = _waiting.Min.AtMs;
        var due = TimeSpan.FromMilliseconds(Math.Clamp(_armedForMs - shard.NowMs, 0, LongestMs));
        _timer ??= time.CreateTimer(
            _ => shard.Post(new WakeCommand(this)), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer?.Dispose();

    private void TouchDue()
    {
        _armedForMs = long.MaxValue;
        while (_waiting.Count > 0 && _waiting.Min.AtMs <= shard.NowMs)
        {
            var queue = shard.Find(new QueueId(_waiting.Min.Queue));
            Forget(queue);
            shard.Touch(queue);
        }
    }

    private sealed class WakeCommand(WakeTimes times) : ShardWork
    {
        protected internal override void Run(Shard shard) => times.TouchDue();
    }
}
