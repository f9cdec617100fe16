using System.Runtime.CompilerServices;
using Levada.Journal;
using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Moves a background job between the turn and the disk threads: <c>await hop.ToDisk()</c>, <c>await hop.ToTurn()</c>.
/// So a job reads from top to bottom, and what it touches where is plain. One hop per job; a job is in one place at a
/// time. After a clean stop has begun, jobs no longer get to a disk thread and end there.
/// </summary>
internal sealed class Hop(
    IScheduler scheduler, WorkGate gate, Action<ShardWork> post, TimeProvider time)
    : ShardWork, IThreadPoolWorkItem, ICriticalNotifyCompletion
{
    private Action? _continuation;
    private Destination _destination;
    private TimeSpan _delay;
    private bool _isOnDisk;
    private ITimer? _timer;

    private enum Destination
    {
        Turn,
        Disk,
        TurnLater,
    }

    public bool IsCompleted => false;

    public Hop ToDisk() => To(Destination.Disk);

    public Hop ToTurn() => To(Destination.Turn);

    /// <summary>To the turn, after a time.</summary>
    public Hop ToTurnAfter(TimeSpan delay)
    {
        _delay = delay;
        return To(Destination.TurnLater);
    }

    public Hop GetAwaiter() => this;

    public void GetResult()
    {
    }

    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    public void UnsafeOnCompleted(Action continuation)
    {
        _continuation = continuation;
        if (!_isOnDisk)
            Leave();
    }

    public void Execute()
    {
        if (!gate.TryEnter())
            return;
        _isOnDisk = true;
        try
        {
            Continue();
        }
        finally
        {
            _isOnDisk = false;
            gate.Exit();
        }

        // Only now: a post may run a turn on this thread, and that turn may be the one that closes the gate.
        if (_continuation is not null)
            Leave();
    }

    protected internal override void Run(Shard shard)
    {
        if (!gate.IsClosed)
            Continue();
    }

    private void PostFromTimer() => post(this);

    /// <summary>From here on another thread may have the job.</summary>
    private void Leave()
    {
        switch (_destination)
        {
            case Destination.Disk:
                scheduler.RunBlocking(this);
                break;
            case Destination.Turn:
                post(this);
                break;
            default:
                _timer?.Dispose();
                _timer = time.CreateTimer(
                    static state => ((Hop)state!).PostFromTimer(), this, _delay, Timeout.InfiniteTimeSpan);
                break;
        }
    }

    private Hop To(Destination destination)
    {
        _destination = destination;
        return this;
    }

    private void Continue()
    {
        Action continuation = _continuation!;
        _continuation = null;
        continuation();
    }
}
