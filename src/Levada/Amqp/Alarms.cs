namespace Levada.Amqp;

/// <summary>
/// What makes the broker stop taking messages. Raised and cleared by the disk watch and the shards, read by every
/// connection at every publish. Changes are serialised by a lock (a leaf); reading takes none.
/// </summary>
public sealed class Alarms
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, string> _raised = [];
    private volatile bool _isRaised;
    private volatile bool _isDiskFull;

    public const string Disk = "disk";

    public const string Memory = "memory";

    /// <summary>Publishing is gated.</summary>
    public bool IsRaised => _isRaised;

    /// <summary>Writes have failed for want of space: confirming publishers get nacks.</summary>
    public bool IsDiskFull => _isDiskFull;

    /// <summary>Since when publishing is gated, if it is, in the milliseconds of the system's tick count.</summary>
    internal long SinceMs { get; private set; }

    /// <summary>Told after a change, without the lock.</summary>
    internal Action? Changed { get; set; }

    /// <summary>Each resource that is short, with the figures.</summary>
    public IReadOnlyList<Alarm> Current
    {
        get
        {
            lock (_changing)
                return [.. _raised.Select(static r => new Alarm(r.Key, r.Value))];
        }
    }

    /// <summary>What connection.blocked says: `low on disk (...)`, joined by `&amp;` if there are several.</summary>
    public string Reason => string.Join(" & ", Current.Select(static a => a.Reason));

    internal void Set(string resource, string reason, bool isFull = false)
    {
        lock (_changing)
        {
            var isNews = !_raised.ContainsKey(resource) || (isFull && !_isDiskFull);
            _raised[resource] = reason;
            if (!_isRaised)
                SinceMs = Environment.TickCount64;
            _isDiskFull |= isFull;
            _isRaised = true;
            if (!isNews)
                return;
        }
        Changed?.Invoke();
    }

    /// <summary>Writes find space again; whether there is enough of it is for the disk watch to say.</summary>
    internal void SpaceIsBack() => _isDiskFull = false;

    internal void Clear(string resource)
    {
        lock (_changing)
        {
            if (!_raised.Remove(resource))
                return;
            _isRaised = _raised.Count > 0;
            _isDiskFull &= _raised.ContainsKey(Disk) && _isRaised;
        }
        Changed?.Invoke();
    }
}
