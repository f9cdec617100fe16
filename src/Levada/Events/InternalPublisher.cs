using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Events;

/// <summary>
/// Publishes what the broker itself has to say: copies of traced messages, events, log lines. Whoever says something
/// never waits and is never called back: it is noted here, and routed and posted by a run of its own on the scheduler,
/// in the order it was noted. What does not fit the bound is dropped and counted. Nothing in here logs, so that a log
/// line can never cause another. Any thread.
/// </summary>
internal sealed class InternalPublisher : IPublisher, IThreadPoolWorkItem
{
    private readonly IScheduler _scheduler;
    private readonly long _bytesMax;
    private readonly Lock _lock = new();

    // Under the lock, a leaf.
    private Queue<InternalMessage> _noted = [];
    private long _bytes;
    private long _published;
    private long _dropped;
    private bool _isRunning;

    // Of the run, of which there is one at a time.
    private readonly RouteResult _route = new();
    private readonly BatchSet _batches;
    private Queue<InternalMessage> _taken = [];

    /// <param name="scheduler">Where it runs.</param>
    /// <param name="bytesMax">Most bytes that are noted, or posted and not taken care of.</param>
    public InternalPublisher(IScheduler scheduler, long bytesMax)
    {
        _scheduler = scheduler;
        _bytesMax = bytesMax;
        _batches = new BatchSet(this);
    }

    /// <summary>Messages published and dropped since the start, and the bytes under way.</summary>
    public (long Published, long Dropped, long Bytes) Use
    {
        get
        {
            lock (_lock)
                return (_published, _dropped, _bytes);
        }
    }

    /// <summary>Notes a message. Its file is held for this already, and released here.</summary>
    public void Publish(InternalMessage message)
    {
        bool isDropped, starts;
        lock (_lock)
        {
            isDropped = _bytes + message.Bytes.Length > _bytesMax;
            starts = !isDropped && !_isRunning;
            if (isDropped)
            {
                _dropped++;
            }
            else
            {
                _bytes += message.Bytes.Length;
                _published++;
                _noted.Enqueue(message);
                _isRunning = true;
            }
        }
        if (isDropped)
            message.Body?.Release();
        else if (starts)
            _scheduler.Run(this);
    }

    public void ReturnCredit(int bytes)
    {
        lock (_lock)
            _bytes -= bytes;
    }

    public void Execute()
    {
        while (TakeNoted())
        {
            var routed = 0L;
            while (_taken.TryDequeue(out var message))
            {
                routed += Route(message) - message.Bytes.Length;
                message.Body?.Release();
            }
            // Copies for several shards are so many bytes, and none is left of what went nowhere.
            lock (_lock)
                _bytes += routed;
            _batches.Post();
        }
    }

    private bool TakeNoted()
    {
        lock (_lock)
        {
            if (_noted.Count == 0)
                return _isRunning = false;
            (_noted, _taken) = (_taken, _noted);
            return true;
        }
    }

    private int Route(InternalMessage message)
    {
        var stored = new StoredMessage(message.Bytes);
        BasicPropertiesReader.TryRead(stored.Properties, out var properties);
        Router.Route(message.Exchange, stored.RoutingKey, properties, _route);
        var bytes = _batches.Add(message.Bytes, properties.DeliveryMode == 2, _route.Queues, message.Body);
        _route.Clear();
        return bytes;
    }
}
