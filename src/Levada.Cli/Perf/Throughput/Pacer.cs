namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// The plan of when each message is due at a given rate. It does not move when the broker holds the sender up: late
/// messages keep their times, so the wait is measured as latency and not left out. Above one message in a tenth of a
/// millisecond the plan itself is in bursts of that distance, since a sleep a message would be most of the work.
/// </summary>
internal struct Pacer(double perSecond, long startNanoseconds)
{
    private const long TickNs = 100_000;

    private readonly double _interval = 1e9 / perSecond;
    private long _count;

    /// <summary>When the next message is due, in nanoseconds of the monotonic clock.</summary>
    public readonly long Next => TimeOf(_count);

    public void Advance() => _count++;

    /// <summary>How many messages are due, up to a limit.</summary>
    public readonly int Due(long now, int limit)
    {
        var due = 0;
        while (due < limit && TimeOf(_count + due) <= now) due++;
        return due;
    }

    private readonly long TimeOf(long message)
    {
        var offset = (long)(message * _interval);
        if (_interval < TickNs) offset = (offset + TickNs - 1) / TickNs * TickNs;
        return startNanoseconds + offset;
    }
}
