using Levada.Amqp;

namespace Levada.Tracing;

/// <summary>
/// The traces there are, by the name of connection or channel: those that record, and those that ended lately. Any
/// thread: one lock (_changing, a leaf). A connection knows its traces only while they record.
/// </summary>
public sealed class Traces
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Held> _all = [];
    private readonly Broker _broker;
    private long _started;

    internal Traces(Broker broker) => _broker = broker;

    /// <summary>Traces started since the start.</summary>
    public long Started => Interlocked.Read(ref _started);

    /// <summary>How many there are, how many of them record, the fullest ring, and the memory of all rings.</summary>
    public (int Count, int Recording, int Fullest, long Bytes) Use()
    {
        var all = All();
        var sizes = all.Select(static h => h.Trace.Size).ToList();
        return (
            all.Count, all.Count(static h => h.Trace.EndedMs == 0), sizes.Select(static s => s.Used).Append(0).Max(),
            sizes.Sum(static s => (long)s.Capacity));
    }

    /// <summary>The trace of that name, recording or not; null if there is none.</summary>
    public Trace? Find(string name)
    {
        lock (_changing)
            return _all.GetValueOrDefault(name)?.Trace;
    }

    /// <summary>Starts one in place of the one of the same name, if there is one.</summary>
    /// <returns>Null if there are as many as there may be, and all of them record.</returns>
    public Trace? Start(Connection connection, TraceRequest request)
    {
        var name = request.Channel is { } number ? $"{connection.Name} ({number})" : connection.Name;
        var trace = new Trace(
            name, connection.UserName ?? "", request, connection.Outbox.Lock, _broker.Time, _broker.Limits.TraceBytes);
        Held? replaced;
        lock (_changing)
        {
            replaced = _all.GetValueOrDefault(name);
            if (replaced is null && _all.Count >= _broker.Options.TraceMax && !ForgetOldestEnded())
            {
                _broker.Limits.Traces.CountRefused();
                return null;
            }
            _all[name] = new Held(trace, connection);
        }
        replaced?.Connection.Outbox.EndTrace(replaced.Trace, $"replaced by {request.StartedBy}", isFault: false);
        Interlocked.Increment(ref _started);
        connection.Outbox.AddTrace(trace);
        return trace;
    }

    /// <summary>Ends it; one that has ended is forgotten. False if there is none.</summary>
    public bool Stop(string name, string by)
    {
        Held? found;
        lock (_changing)
        {
            if (!_all.TryGetValue(name, out found))
                return false;
            if (found.Trace.EndedMs > 0)
            {
                _all.Remove(name);
                return true;
            }
        }
        found.Connection.Outbox.EndTrace(found.Trace, $"stopped by {by}", isFault: false);
        return true;
    }

    /// <summary>Ends those whose time is over and forgets those that ended long ago. On the ticker's thread.</summary>
    internal void Tick(long nowMs)
    {
        var keepMs = (long)_broker.Options.TraceKeep.TotalMilliseconds;
        foreach (var held in All())
        {
            var trace = held.Trace;
            if (trace.EndedMs == 0 && nowMs >= trace.UntilMs)
            {
                _broker.Limits.TraceTime.CountRefused();
                held.Connection.Outbox.EndTrace(
                    trace, $"its time of {trace.Request.Time.TotalSeconds:0.###} s is over", isFault: false);
            }
            else if (trace.EndedMs > 0 && nowMs - trace.EndedMs >= keepMs)
            {
                _broker.Limits.TraceKeep.CountRefused();
                Forget(held);
            }
        }
    }

    private IReadOnlyList<Held> All()
    {
        lock (_changing)
            return _all.Count == 0 ? [] : [.. _all.Values];
    }

    private void Forget(Held held)
    {
        lock (_changing)
        {
            if (_all.GetValueOrDefault(held.Trace.Name) == held)
                _all.Remove(held.Trace.Name);
        }
    }

    // Under _changing.
    private bool ForgetOldestEnded()
    {
        var oldest = _all.Values.Where(static h => h.Trace.EndedMs > 0).MinBy(static h => h.Trace.EndedMs);
        return oldest is not null && _all.Remove(oldest.Trace.Name);
    }

    private sealed record Held(Trace Trace, Connection Connection);
}
