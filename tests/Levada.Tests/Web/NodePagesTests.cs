using Xunit;

namespace Levada.Tests.Web;

/// <summary>The node, its configuration, and all that the API offers.</summary>
public sealed class NodePagesTests(Browser browser)
{
    [Theory]
    [InlineData("managesTheNode")]
    [InlineData("setsTheConfiguration")]
    [InlineData("reachesAllThatTheApiOffers")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
