using Xunit;

namespace Levada.Tests.Web;

/// <summary>Queues, exchanges and messages.</summary>
public sealed class TopologyPagesTests(Browser browser)
{
    [Theory]
    [InlineData("managesQueues")]
    [InlineData("choosesAVirtualHost")]
    [InlineData("bindsExchanges")]
    [InlineData("showsAnyName")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
