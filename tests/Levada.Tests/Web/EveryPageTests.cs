using Xunit;

namespace Levada.Tests.Web;

/// <summary>Every page: each is sound for axe-core, and no wider than the window.</summary>
public sealed class EveryPageTests(Browser browser)
{
    [Theory]
    [InlineData("everyPageInLight")]
    [InlineData("everyPageInDark")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
