namespace Levada.Tests.Soak;

/// <summary>What happened so far. Whoever it happens to counts it, with interlocked operations.</summary>
internal sealed class SoakCounts
{
    public long Sent;
    public long Confirmed;
    public long Delivered;
    public long Redelivered;
    public long Requeued;
    public long Settled;
    public long Connected;
    public long Lost;
    public long Refused;
    public long Stuck;
    public long Blocked;
    public long Kills;
    public long Alarms;
    public long Cuts;
    public long Resets;
    public long Stalls;
    public long HalfOpen;
    public long Slowed;
    public long ResetsInPublish;
    public long Deaf;
    public long Silent;
    public long SlowHandshakes;
    public long Leavers;
    public long Pooled;

    public override string ToString() =>
        $"sent {Sent}, confirmed {Confirmed}, delivered {Delivered} ({Redelivered} again, {Requeued} put back), "
        + $"settled {Settled}; connections: {Connected} opened, {Lost} lost, {Refused} failed, {Stuck} stuck, "
        + $"blocked {Blocked}x; kills {Kills}, alarms {Alarms}; proxy: {Cuts} cut, {Resets} reset, {Stalls} stalled, "
        + $"{HalfOpen} half-open, {Slowed} slowed; raw: {ResetsInPublish} reset in publish, {Deaf} deaf, "
        + $"{Silent} silent, {SlowHandshakes} slow handshakes, {Leavers} left; pool {Pooled}";
}
