using Xunit;

namespace Levada.Tests.Web;

/// <summary>Connections, channels and consumers.</summary>
public sealed class ClientPagesTests(Browser browser)
{
    [Theory]
    [InlineData("findsAndClosesAConnection")]
    [InlineData("groupsConnections")]
    [InlineData("showsWhatAClientSends")]
    [InlineData("asksAboutOneConsumer")]
    [InlineData("managesAChannel")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
