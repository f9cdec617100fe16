using System.Threading.Channels;

namespace Levada.Events;

/// <summary>
/// One who hears of events. It may be behind by <see cref="BehindMax"/> of them; what happens then it misses, and is
/// told how much.
/// </summary>
public sealed class EventListener : IDisposable
{
    /// <summary>Events that wait for a listener at most.</summary>
    public const int BehindMax = 1000;

    private readonly Channel<BrokerEvent> _waiting;
    private readonly Action<EventListener> _leave;
    private long _missed;

    internal EventListener(Action<EventListener> leave)
    {
        _leave = leave;
        _waiting = Channel.CreateBounded<BrokerEvent>(
            new BoundedChannelOptions(BehindMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Waits until there is an event to read.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellation) =>
        _waiting.Reader.WaitToReadAsync(cancellation);

    /// <summary>The next that waits; null if none does.</summary>
    public BrokerEvent? TryRead() => _waiting.Reader.TryRead(out var happened) ? happened : null;

    /// <summary>How many it has missed since this was asked last.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

    public void Dispose() => _leave(this);

    internal void Hear(BrokerEvent happened)
    {
        if (!_waiting.Writer.TryWrite(happened))
            Interlocked.Increment(ref _missed);
    }
}
