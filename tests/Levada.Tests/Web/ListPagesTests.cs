using Xunit;

namespace Levada.Tests.Web;

/// <summary>Long lists, charts, keys.</summary>
public sealed class ListPagesTests(Browser browser)
{
    [Theory]
    [InlineData("drawsOnlyWhatIsInSight")]
    [InlineData("staysInAListThatBecomesShorter")]
    [InlineData("drawsWhatWasBefore")]
    [InlineData("goesByTheClockOfTheBroker")]
    [InlineData("goesByKeysAndRemembersColumns")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
