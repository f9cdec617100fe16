using Xunit;

namespace Levada.Tests.Web;

/// <summary>The same on a telephone.</summary>
public sealed class EveryNarrowPageTests(Browser browser)
{
    [Theory]
    [InlineData("everyPageInLightAndNarrow")]
    [InlineData("everyPageInDarkAndNarrow")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
