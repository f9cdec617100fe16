using Xunit;

namespace Levada.Tests.Clients;

/// <summary>pika (Python), its blocking connection: tests/clients/python.</summary>
public sealed class PikaTests(BrokerFixture fixture)
{
    private static readonly string Script = Path.Combine(Prerequisites.ClientsFolder, "python", "scenarios.py");

    [Theory]
    [InlineData("publish_and_consume")]
    [InlineData("returns_what_nobody_takes")]
    [InlineData("headers_come_back_as_they_were")]
    [InlineData("errors_close_one_channel")]
    [InlineData("requeued_messages_keep_their_place")]
    [InlineData("transactions")]
    [InlineData("a_deleted_queue_cancels_its_consumer")]
    [InlineData("direct_reply_to")]
    [InlineData("refused_login")]
    public async Task Scenario_passes(string scenario)
    {
        await using var client = ClientProcess.Start(Prerequisites.Python, Script, fixture.Broker.Uri, scenario);
        await client.Passes();
    }

    [Fact]
    public async Task Reconnects_and_finds_everything_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        await using var client = ClientProcess.Start(Prerequisites.Python, Script, broker.Uri, "reconnect");
        await client.Expect("ready");
        await broker.StopAsync();
        await client.Expect("lost ConnectionClosedByBroker: (320)");
        await broker.StartAgainAsync();
        await client.Say("it is back");
        await client.Passes();
    }
}
