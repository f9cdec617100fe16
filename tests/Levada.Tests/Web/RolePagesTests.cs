using Xunit;

namespace Levada.Tests.Web;

/// <summary>Who sees and may do what.</summary>
public sealed class RolePagesTests(Browser browser)
{
    [Theory]
    [InlineData("signsInAndOut")]
    [InlineData("showsARoleWhatItMay")]
    [InlineData("refusesInWords")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
