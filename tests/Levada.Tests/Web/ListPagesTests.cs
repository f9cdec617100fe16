using Xunit;

namespace Levada.Tests.Web;

/// <summary>Long lists, and how one goes by keys.</summary>
public sealed class ListPagesTests(Browser browser)
{
    [Theory]
    [InlineData("drawsOnlyWhatIsInSight")]
    [InlineData("staysInAListThatBecomesShorter")]
    [InlineData("searchesOneListAtATime")]
    [InlineData("goesByKeysAndRemembersColumns")]
    [InlineData("answersByKeysAlone")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
