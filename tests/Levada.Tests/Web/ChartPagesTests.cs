using Xunit;

namespace Levada.Tests.Web;

/// <summary>Charts, and what time it is in them.</summary>
public sealed class ChartPagesTests(Browser browser)
{
    [Theory]
    [InlineData("drawsWhatWasBefore")]
    [InlineData("goesByTheClockOfTheBroker")]
    [InlineData("drawsNothingBetweenTwoLooks")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
