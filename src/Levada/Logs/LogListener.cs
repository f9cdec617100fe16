using System.Threading.Channels;

namespace Levada.Logs;

/// <summary>
/// One who sees what is logged as it happens. It may be behind by <see cref="BehindMax"/> lines; what comes then it
/// misses, and is told how much.
/// </summary>
public sealed class LogListener : IDisposable
{
    /// <summary>Lines that wait for a listener at most.</summary>
    public const int BehindMax = 1000;

    private readonly Channel<LogEvent> _waiting = Channel.CreateBounded<LogEvent>(
        new BoundedChannelOptions(BehindMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Action<LogListener> _leave;
    private long _missed;

    internal LogListener(Action<LogListener> leave) => _leave = leave;

    /// <summary>Waits until there is a line to read.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) =>
        _waiting.Reader.WaitToReadAsync(cancellation);

    /// <summary>The next that waits; null if none does.</summary>
    public LogEvent? TryRead() => _waiting.Reader.TryRead(out var line) ? line : null;

    /// <summary>How many it has missed since this was asked last.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

    public void Dispose() => _leave(this);

    internal void Hear(LogEvent line)
    {
        if (!_waiting.Writer.TryWrite(line))
            Interlocked.Increment(ref _missed);
    }
}
