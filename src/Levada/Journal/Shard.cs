using Levada.Platform;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// A set of queues that share one single-threaded loop and one journal. Whoever posts to an idle shard runs its turn;
/// what arrives meanwhile waits in the inbox for the next. Only the inbox is shared between threads (lock: _inboxLock,
/// a leaf); everything else belongs to the turn.
/// </summary>
public sealed partial class Shard : IThreadPoolWorkItem
{
    // A poster goes on with what came meanwhile for this many turns before it hands the shard to the pool: a thread
    // woken costs more than a turn, but a poster has a connection to read.
    private const int TurnsInline = 4;

    // Of one turn's touched outboxes this many are flushed by the turn's own thread.
    private const int FlushesInline = 16;

    [ThreadStatic]
    private static bool _insideTurn;

    private readonly IScheduler _scheduler;
    private readonly TimeProvider _time;
    private readonly Lock _inboxLock = new();
    private List<ShardWork> _inbox = [];
    private List<ShardWork> _batch = [];
    private bool _isRunning;

    private readonly List<QueueState> _touchedQueues = [];
    private readonly List<IDeliveryTarget> _touchedTargets = [];
    private readonly List<IConfirmTarget> _touchedConfirms = [];
    private readonly Action<Exception> _fatal;
    private QueueTimes _times = null!;

    public Shard(ShardId id, IScheduler scheduler, TimeProvider time, Action<Exception> fatal)
    {
        Id = id;
        _scheduler = scheduler;
        _time = time;
        _fatal = fatal;
        WakeTimes = new WakeTimes(this, time);
    }

    public ShardId Id { get; }

    internal MessageStore Store { get; private set; } = null!;

    /// <summary>The time of this turn, in milliseconds since 1970.</summary>
    internal long NowMs { get; private set; }

    /// <summary>Turns run since the start.</summary>
    public long Turns { get; private set; }

    /// <summary>Turns that had to wake a pool thread.</summary>
    public long TurnsScheduled { get; private set; }

    /// <summary>Joins the shard to its store. Before any post.</summary>
    public void Use(MessageStore store)
    {
        Store = store;
        _times = new QueueTimes(store.Options.Timings);
        store.Committed = OnCommitted;
        store.Readable = OnReadable;
        store.CreditChanged = OnCreditChanged;
        store.DiskFull = OnDiskFull;
    }

    /// <summary>
    /// Queues work; runs a turn at once, on this thread, if the shard is idle. Never blocks, never fails. The post is
    /// the point of order: who asks later sees it.
    /// </summary>
    public void Post(ShardWork work)
    {
        lock (_inboxLock)
        {
            _inbox.Add(work);
            if (_isRunning)
                return;
            _isRunning = true;
        }
        if (!_insideTurn && _scheduler.MayRunInline)
            RunTurns(TurnsInline);
        else
            HandOver();
    }

    void IThreadPoolWorkItem.Execute() => RunTurns(TurnsInline * 4);

    private void HandOver()
    {
        TurnsScheduled++;
        _scheduler.Run(this);
    }

    private void RunTurns(int turns)
    {
        _insideTurn = true;
        try
        {
            for (; turns > 0; turns--)
            {
                lock (_inboxLock)
                {
                    if (_inbox.Count == 0)
                    {
                        _isRunning = false;
                        return;
                    }
                    (_inbox, _batch) = (_batch, _inbox);
                }
                RunTurn();
                if (_stopped is not null)
                {
                    // The shard stays busy for ever: no turn follows.
                    _stopped.Set();
                    return;
                }
            }
        }
        catch (Exception e)
        {
            // The state of the shard's queues is no longer known: going on could lose or double messages.
            _fatal(e);
            throw;
        }
        finally
        {
            _insideTurn = false;
        }
        HandOver();
    }

    private void RunTurn()
    {
        Turns++;
        NowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        _times.BeginTurn(Turns);
        Store.BeginTurn(NowMs);
        foreach (var work in _batch)
            work.Run(this);
        _batch.Clear();
        ServeTouched();
        _times.EndTurn(NowMs);
        var index = Store.EndTurn(_commitWaits);
        _commitWaits = false;
        WakeTimes.Arm();
        AnswerApplied(index);
        ReturnCredit();
        FlushTouched();
    }

    /// <summary>Notes that a queue has something to hand out or to show at the end of the turn.</summary>
    internal void Touch(QueueState queue)
    {
        if (queue.IsTouched)
            return;
        queue.IsTouched = true;
        _touchedQueues.Add(queue);
    }

    /// <summary>Serves the touched queues now, so that what runs next sees who got what.</summary>
    internal void ServeTouched()
    {
        for (var i = 0; i < _touchedQueues.Count; i++)
        {
            var queue = _touchedQueues[i];
            queue.IsTouched = false;
            queue.AnswerWaitingReads();
            if (!queue.IsDropped && queue.Serve(_touchedTargets, Turns))
                Post(new TouchCommand(queue));
            _times.Served(queue, NowMs);
            queue.PublishFigures();
        }
        _touchedQueues.Clear();
    }

    /// <summary>Serves one queue now. Who calls touches it, so that it goes on at the end of the turn.</summary>
    internal void Serve(QueueState queue) => queue.Serve(_touchedTargets, Turns);

    /// <summary>Flushes a target at the end of the turn.</summary>
    internal void FlushAfterTurn(IDeliveryTarget target) => _touchedTargets.Add(target);

    private void FlushTouched()
    {
        for (var i = 0; i < _touchedTargets.Count; i++)
        {
            // The same target often stands in runs; a flush with nothing to send is cheap.
            if (i > 0 && ReferenceEquals(_touchedTargets[i], _touchedTargets[i - 1]))
                continue;
            if (i < FlushesInline)
                _touchedTargets[i].Flush();
            else
                _scheduler.Run(new FlushLater(_touchedTargets[i].Flush));
        }
        _touchedTargets.Clear();
        for (var i = 0; i < _touchedConfirms.Count; i++)
        {
            if (i < FlushesInline)
                _touchedConfirms[i].Flush();
            else
                _scheduler.Run(new FlushLater(_touchedConfirms[i].Flush));
        }
        _touchedConfirms.Clear();
    }

    private void OnReadable(QueueMessages messages)
    {
        if (_queues.TryGetValue(messages.Id, out var queue))
            Touch(queue);
    }

    private sealed class FlushLater(Action flush) : IThreadPoolWorkItem
    {
        public void Execute() => flush();
    }
}
