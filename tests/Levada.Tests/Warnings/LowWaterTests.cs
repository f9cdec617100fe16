using Levada.Warnings;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>What counts as growth.</summary>
public sealed class LowWaterTests
{
    [Theory]
    [InlineData("1 2 3 4", true, 3)]
    [InlineData("1 1 2 3", false, 2)] // not in every quarter
    [InlineData("4 3 2 1", false, 0)]
    [InlineData("9 9 9 9", false, 0)]
    [InlineData("1 2 3", false, 0)] // not long enough
    [InlineData("7 7 1 2 3 4", true, 3)] // what was before the window is forgotten
    [InlineData("1 2 3 4 4 4 4", false, 0)] // it has stopped
    public void Grows_if_the_lowest_of_each_quarter_is_above_the_one_before(string lows, bool rises, long gained)
    {
        var water = new LowWater(40);
        var ms = 0;
        water.Add(1_000, ms);
        foreach (var low in lows.Split(' '))
        {
            water.Add(long.Parse(low), ms += 5);
            water.Add(1_000, ms += 5); // in between it may be anything
        }
        Assert.Equal(rises, water.IsRising);
        Assert.Equal(gained, water.Gained);
    }

    [Fact]
    public void What_falls_below_where_it_began_has_gained_nothing()
    {
        var water = new LowWater(4);
        for (var ms = 0; ms < 6; ms++) water.Add(10 + ms, ms);
        Assert.True(water.Gained > 0);
        water.Add(3, 6);
        Assert.Equal(0, water.Gained);
    }
}
