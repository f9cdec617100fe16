using Levada.Cli.Perf;
using Xunit;

namespace Levada.Tests.Perf;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_within_one_per_cent_over_eight_powers_of_ten()
    {
        var random = new Random(7);
        var histogram = new LatencyHistogram();
        var values = new long[50_000];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (long)Math.Pow(10, random.NextDouble() * 8 + 2);
            histogram.Record(values[i]);
        }
        Array.Sort(values);
        Assert.Equal(values[0], histogram.Min);
        Assert.Equal(values[^1], histogram.Max);
        Assert.Equal(values.Length, histogram.Count);
        foreach (var share in (double[])[0.01, 0.5, 0.75, 0.9, 0.99, 0.999, 1])
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share) / (double)exact, 1, 1.01);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(1 << 20)]
    public void A_single_value_is_every_percentile(long value)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(value);
        Assert.Equal(value, histogram.Percentile(0));
        Assert.Equal(value, histogram.Percentile(1));
    }

    [Fact]
    public void Values_out_of_range_are_clamped()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(-5);
        histogram.Record(long.MaxValue);
        Assert.Equal(0, histogram.Min);
        Assert.Equal(LatencyHistogram.Longest - 1, histogram.Max);
        Assert.Equal(0, histogram.Percentile(0.5));
    }

    [Fact]
    public void An_empty_one_is_all_zero()
    {
        var empty = new LatencyHistogram();
        Assert.Equal((0, 0, 0, 0), (empty.Count, empty.Min, empty.Max, empty.Percentile(0.99)));
    }

    [Fact]
    public void Histograms_add_up_and_show_what_is_new()
    {
        var first = new LatencyHistogram();
        var second = new LatencyHistogram();
        first.Record(100);
        second.Record(50);
        second.Record(20_000);
        var sum = new LatencyHistogram();
        sum.Add(first);
        sum.Add(new LatencyHistogram());
        sum.Add(second);
        Assert.Equal((3, 50, 20_000), (sum.Count, sum.Min, sum.Max));
        var recent = sum.Since(first);
        Assert.Equal((2, 50), (recent.Count, recent.Min));
        Assert.InRange(recent.Percentile(1), 20_000, 20_200);
    }
}
