using Levada.Cli.Perf.Throughput;
using Xunit;

namespace Levada.Tests.Perf;

public class PacerTests
{
    [Fact]
    public void Messages_are_due_at_even_distances()
    {
        var pacer = new Pacer(1000, startNanoseconds: 5_000);
        Assert.Equal(1, pacer.Due(5_000, 10));
        Assert.Equal(5_000, pacer.Next);
        pacer.Advance();
        Assert.Equal(1_005_000, pacer.Next);
        Assert.Equal(0, pacer.Due(1_004_999, 10));
        Assert.Equal(3, pacer.Due(3_005_000, 10));
        Assert.Equal(2, pacer.Due(3_005_000, 2));
    }

    [Fact]
    public void A_late_sender_keeps_the_planned_times_so_that_no_latency_is_left_out()
    {
        var pacer = new Pacer(100, startNanoseconds: 0);
        var due = pacer.Due(now: 1_000_000_000, limit: 1000);
        Assert.Equal(101, due);
        for (var i = 0; i < due; i++, pacer.Advance()) Assert.Equal(i * 10_000_000L, pacer.Next);
    }

    [Fact]
    public void A_high_rate_goes_in_bursts_and_stays_the_rate()
    {
        var pacer = new Pacer(1_000_000, startNanoseconds: 0);
        pacer.Advance();
        Assert.Equal(100_000, pacer.Next);
        Assert.Equal(0, pacer.Due(99_999, 1000));
        Assert.Equal(100, pacer.Due(100_000, 1000));
        for (var i = 1; i < 1_000_000; i++) pacer.Advance();
        Assert.Equal(1_000_000_000, pacer.Next);
    }
}
