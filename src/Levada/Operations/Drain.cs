using Levada.Amqp;
using Microsoft.Extensions.Logging;

namespace Levada.Operations;

/// <summary>
/// Taking the node out of service: no connection is let in, consumers are cancelled, nothing is delivered; publishes
/// and acknowledgements are taken until nothing was under way for a while, or a deadline; then all are closed with 320.
/// Until then, and after, it can be taken back. What phase it is in changes under a lock (_changing, a leaf).
/// </summary>
public sealed partial class Drain : IAsyncDisposable
{
    private const string DefaultReason = "Node was put into maintenance mode";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private readonly Lock _changing = new();
    private readonly Broker _broker;
    private readonly ILogger _logger;

    // Under the lock. The phase is read without it.
    private volatile DrainPhase _phase;
    private DateTimeOffset? _since;
    private DateTimeOffset? _deadline;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private bool _isDisposed;

    internal Drain(Broker broker, ILogger logger)
    {
        _broker = broker;
        _logger = logger;
    }

    /// <summary>The node is out of service, or on its way.</summary>
    public bool IsOn => _phase != DrainPhase.InService;

    /// <summary>Looks at each connection in a turn of it.</summary>
    public DrainSnapshot TakeSnapshot()
    {
        var work = Look();
        lock (_changing)
        {
            return new DrainSnapshot(
                _phase, _since, _deadline, work.Connections, work.Unacknowledged, work.Unconfirmed);
        }
    }

    /// <summary>False if it is on already.</summary>
    internal bool Start(TimeSpan timeout, string? reason)
    {
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_changing)
        {
            if (IsOn || _isDisposed)
                return false;
            Enter(DrainPhase.Draining, timeout);
            _stop = new CancellationTokenSource();
            _running = RunAsync(begin.Task, timeout, reason ?? DefaultReason, _stop.Token);
        }
        // Who is let in before the phase changed is among them.
        TellConnections();
        begin.SetResult();
        return true;
    }

    /// <summary>False if it is not on.</summary>
    internal bool Revive()
    {
        lock (_changing)
        {
            if (!IsOn)
                return false;
            Enter(DrainPhase.InService, timeout: null);
            _stop.Cancel();
        }
        TellConnections();
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        Task running;
        lock (_changing)
        {
            _isDisposed = true;
            _stop.Cancel();
            running = _running;
        }
        await running;
    }

    // Under the lock.
    private void Enter(DrainPhase phase, TimeSpan? timeout)
    {
        var now = _broker.Time.GetUtcNow();
        _phase = phase;
        _since = phase == DrainPhase.InService ? null : now;
        _deadline = now + timeout;
    }

    private void TellConnections()
    {
        foreach (var connection in _broker.Connections.All)
            connection.FollowDrain();
    }

    // On a timer of its own: looking at all connections may take longer than the broker's ticker has time.
    private async Task RunAsync(Task begin, TimeSpan timeout, string reason, CancellationToken stop)
    {
        await begin;
        using var timer = new PeriodicTimer(Interval, _broker.Time);
        var start = _broker.Time.GetTimestamp();
        var (changed, activity) = (start, -1L);
        while (true)
        {
            var work = Look();
            if (work.Activity != activity || work.Unacknowledged + work.Unconfirmed > 0)
                (changed, activity) = (_broker.Time.GetTimestamp(), work.Activity);
            var isQuiet = work.Connections == 0
                || _broker.Time.GetElapsedTime(changed) >= _broker.Options.DrainQuietTime;
            if (isQuiet || _broker.Time.GetElapsedTime(start) >= timeout)
            {
                if (CloseAll(reason, stop))
                    LogEnded(isQuiet ? "all is quiet" : "the time is over", work.Connections, work.Unacknowledged);
                return;
            }
            try
            {
                await timer.WaitForNextTickAsync(stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private OpenWork Look()
    {
        var work = new OpenWork();
        foreach (var connection in Open())
            connection.AddTo(work);
        return work;
    }

    private IEnumerable<Connection> Open() =>
        _broker.Connections.All.Where(static c => c.VHost is not null && c.State != ConnectionState.Closed);

    // False if it was taken back in the last moment.
    private bool CloseAll(string reason, CancellationToken stop)
    {
        // Before the phase changes: those that come after a revive are not meant.
        var connections = Open().ToArray();
        lock (_changing)
        {
            if (stop.IsCancellationRequested)
                return false;
            Enter(DrainPhase.Drained, timeout: null);
        }
        foreach (var connection in connections)
            connection.CloseForced(reason);
        return true;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "drained, {Why}: {Connections} connections are closed, which have {Unacknowledged} messages "
        + "unacknowledged")]
    private partial void LogEnded(string why, int connections, long unacknowledged);
}
