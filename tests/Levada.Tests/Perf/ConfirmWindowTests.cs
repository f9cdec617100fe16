using Levada.Cli.Perf;
using Levada.Cli.Perf.Throughput;
using Xunit;

namespace Levada.Tests.Perf;

public class ConfirmWindowTests
{
    private readonly LatencyHistogram _latency = new();
    private readonly ConfirmWindow _window;

    public ConfirmWindowTests() => _window = new ConfirmWindow(_latency);

    private void Add(int count)
    {
        for (var i = 0; i < count; i++) _window.Add(1_000);
    }

    [Fact]
    public void Confirms_come_one_by_one_in_any_order_and_many_at_once()
    {
        Add(10);
        _window.Settle(3, multiple: false, nack: false, 1_500);
        _window.Settle(3, multiple: false, nack: false, 9_999);
        Assert.Equal(9, _window.Open);
        Assert.Equal((1, 500), (_latency.Count, _latency.Max));
        _window.Settle(5, multiple: true, nack: false, 2_000);
        Assert.Equal(5, _window.Open);
        Assert.Equal(5, _latency.Count);
        _window.Settle(2, multiple: false, nack: false, 2_000);
        Assert.Equal(5, _window.Open);
        _window.Settle(0, multiple: true, nack: false, 2_000);
        Assert.Equal(0, _window.Open);
        Assert.Equal(10, _latency.Count);
    }

    [Fact]
    public void A_nack_is_counted_and_is_no_latency()
    {
        Add(4);
        _window.Settle(3, multiple: true, nack: true, 2_000);
        Assert.Equal((1, 3, 0), (_window.Open, _window.Nacked, _latency.Count));
    }

    [Fact]
    public void One_that_stays_open_does_not_lose_the_others()
    {
        Add(1);
        for (ulong tag = 2; tag <= 5_000; tag++)
        {
            Add(1);
            if (tag > 10) _window.Settle(tag - 9, multiple: false, nack: false, 2_000);
        }
        Assert.Equal(10, _window.Open);
        _window.Settle(5_000, multiple: true, nack: false, 2_000);
        Assert.Equal((0, 5_000), (_window.Open, _latency.Count));
    }
}
