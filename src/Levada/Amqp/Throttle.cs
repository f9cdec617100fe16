namespace Levada.Amqp;

/// <summary>
/// When publishing was last slowed down. It is shown for five seconds more, as RabbitMQ does: a publisher that outruns
/// the broker is stopped and let go many times a second. Times in <see cref="Environment.TickCount64"/> milliseconds.
/// Owner: the connection's turn.
/// </summary>
internal struct Throttle
{
    private const int ShownMs = 5_000;

    private long _lastMs;

    /// <summary>Since when it is shown, if it is.</summary>
    public long SinceMs { get; private set; }

    /// <summary>When it was, or will be, shown no more; 0 if it never was.</summary>
    public readonly long EndMs => _lastMs == 0 ? 0 : _lastMs + ShownMs;

    /// <summary>It is slowed down now, or was until now.</summary>
    public void Mark(long nowMs)
    {
        if (nowMs >= EndMs)
            SinceMs = nowMs;
        _lastMs = nowMs;
    }

    public readonly bool IsShown(long nowMs) => nowMs < EndMs;
}
