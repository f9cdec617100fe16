namespace Levada.Logs;

/// <summary>
/// What the broker has logged lately, who watches, and at which levels. Lines go to the console and to files by the
/// executable's own loggers, which tell this one. Safe from any thread: one lock (_adding), a leaf.
/// </summary>
public sealed class BrokerLog
{
    private readonly Lock _adding = new();
    private readonly Queue<LogEvent> _recent = new();
    private readonly BrokerOptions _options;
    private long _recentBytes;

    // Replaced under the lock; read by all.
    private volatile LogListener[] _listeners = [];

    public BrokerLog(BrokerOptions options)
    {
        _options = options;
        Levels = new LogLevels(options);
    }

    public LogLevels Levels { get; }

    /// <summary>The file that is written, as a full path; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Begins a new file, the one there is becomes an archive; null without a file.</summary>
    public Action? Rotate { get; init; }

    /// <summary>Opens the file anew: another program has moved it.</summary>
    public Action? Reopen { get; init; }

    /// <summary>Lines that each output has lost since the start, for it was too slow or full.</summary>
    public Func<IReadOnlyList<(string Output, long Lines)>> Dropped { get; init; } = static () => [];

    /// <summary>The last lines, the oldest first, of log_history_bytes at most.</summary>
    public IReadOnlyList<LogEvent> Recent
    {
        get
        {
            lock (_adding)
                return [.. _recent];
        }
    }

    /// <summary>A line was logged.</summary>
    public void Add(LogEvent line)
    {
        var max = _options.LogHistoryBytes;
        lock (_adding)
        {
            _recent.Enqueue(line);
            _recentBytes += line.Bytes;
            while (_recentBytes > max && _recent.TryDequeue(out var oldest))
                _recentBytes -= oldest.Bytes;
        }
        foreach (var listener in _listeners)
            listener.Hear(line);
    }

    /// <summary>Sees all that is logged from here on, until it is disposed of.</summary>
    public LogListener Listen()
    {
        var listener = new LogListener(Remove);
        lock (_adding)
            _listeners = [.. _listeners, listener];
        return listener;
    }

    private void Remove(LogListener listener)
    {
        lock (_adding)
            _listeners = [.. _listeners.Where(l => l != listener)];
    }
}
