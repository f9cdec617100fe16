using Xunit;

namespace Levada.Tests.Web;

/// <summary>Who sees and may do what, and what is told otherwise.</summary>
public sealed class RolePagesTests(Browser browser)
{
    [Theory]
    [InlineData("signsInAndOut")]
    [InlineData("showsARoleWhatItMay")]
    [InlineData("refusesInWords")]
    [InlineData("tellsHowToMendIt")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);

    [Theory]
    [InlineData("tellsWhatIsTooMuch")]
    public async Task Reader_where_requests_may_have_three_megabytes(string scenario)
    {
        await using var broker = await WebBroker.StartAsync(o => o.HttpRequestMax = 3 << 20);
        await browser.ReadsAsync(scenario, broker.Url, broker.Amqp);
    }

    [Theory]
    [InlineData("asksWhereItMayNotFollow")]
    public async Task Reader_where_one_stream_may_be_open(string scenario)
    {
        await using var broker = await WebBroker.StartAsync(o => o.HttpStreamsMax = 1);
        await browser.ReadsAsync(scenario, broker.Url, broker.Amqp);
    }
}
