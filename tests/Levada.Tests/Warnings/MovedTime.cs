namespace Levada.Tests.Warnings;

/// <summary>The system's clock, which the test may put forward. Timers are the system's.</summary>
internal sealed class MovedTime : TimeProvider
{
    private long _movedTicks;

    public override long TimestampFrequency => System.TimestampFrequency;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _movedTicks, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _movedTicks));

    public override long GetTimestamp() => System.GetTimestamp()
        + (Interlocked.Read(ref _movedTicks) * (System.TimestampFrequency / TimeSpan.TicksPerSecond));
}
