using Xunit;

namespace Levada.Tests.Clients;

/// <summary>amqplib (Node.js): tests/clients/node.</summary>
public sealed class AmqplibTests(BrokerFixture fixture)
{
    private static readonly string Script = Path.Combine(Prerequisites.ClientsFolder, "node", "scenarios.mjs");

    [Theory]
    [InlineData("publishAndConsume")]
    [InlineData("returnsWhatNobodyTakes")]
    [InlineData("headersComeBackAsTheyWere")]
    [InlineData("errorsCloseOneChannel")]
    [InlineData("requeuedMessagesKeepTheirPlace")]
    [InlineData("aDeletedQueueCancelsItsConsumer")]
    [InlineData("directReplyTo")]
    [InlineData("exchangeToExchange")]
    public async Task Scenario_passes(string scenario)
    {
        await using var client = ClientProcess.Start(Prerequisites.Node, Script, fixture.Broker.Uri, scenario);
        await client.Passes();
    }

    [Fact]
    public async Task Reconnects_and_finds_everything_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        await using var client = ClientProcess.Start(Prerequisites.Node, Script, broker.Uri, "reconnect");
        await client.Expect("ready");
        await broker.StopAsync();
        await client.Expect("lost");
        await broker.StartAgainAsync();
        await client.Say("it is back");
        await client.Passes();
    }

    [Fact]
    public async Task Recovers_by_itself_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        await using var client = ClientProcess.Start(Prerequisites.Node, Script, broker.Uri, "recoverByItself");
        await client.Expect("ready");
        await broker.StopAsync();
        await client.Expect("lost");
        await broker.StartAgainAsync();
        await client.Passes();
    }
}
