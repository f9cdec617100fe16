using Xunit;

namespace Levada.Tests.Clients;

/// <summary>librabbitmq (C) through its command line tools.</summary>
public sealed class AmqpToolsTests(BrokerFixture fixture)
{
    [Fact]
    public async Task Declares_publishes_consumes_and_deletes()
    {
        var queue = "tools-" + Guid.NewGuid().ToString("N");
        Assert.Equal(queue + "\n", await Run(fixture.Broker, "amqp-declare-queue", "-q", queue, "-d"));
        for (var i = 0; i < 5; i++)
            await Run(fixture.Broker, "amqp-publish", "-r", queue, "-p", "-C", "text/plain", "-H", "k: v", "-b",
                $"<{i}>");

        Assert.Equal("<0>", await Run(fixture.Broker, "amqp-get", "-q", queue));
        Assert.Equal("<1><2>", await Run(fixture.Broker, "amqp-consume", "-q", queue, "-p", "1", "-c", "2", "cat"));
        Assert.Equal("<3><4>", await Run(fixture.Broker, "amqp-consume", "-q", queue, "-A", "-c", "2", "cat"));
        var (exitCode, output, _) = await End(fixture.Broker, "amqp-get", "-q", queue);
        Assert.Equal((2, ""), (exitCode, output)); // 2: the queue is empty

        Assert.Equal("0\n", await Run(fixture.Broker, "amqp-delete-queue", "-q", queue));
    }

    [Fact]
    public async Task Publishes_line_by_line_through_a_topic_exchange()
    {
        var key = Guid.NewGuid().ToString("N");
        // It binds a queue of its own before it consumes, and prints nothing about it: publish until one arrives.
        await using var consumer = ClientProcess.Start(
            Prerequisites.AmqpTool("amqp-consume"), "-u", fixture.Broker.Uri, "-e", "amq.topic", "-r", key + ".#",
            "-c", "1",
            "cat");
        var consumed = consumer.End();
        while (!consumed.IsCompleted)
            await Run(fixture.Broker, "amqp-publish", "-e", "amq.topic", "-r", key + ".some.thing", "-b", "topical");
        var (exitCode, output, errors) = await consumed;
        Assert.True(exitCode == 0, errors);
        Assert.Equal("topical", output);
    }

    [Theory]
    [InlineData("amqp-get", "404, message: NOT_FOUND - no queue 'not-there' in vhost '/'", "-q", "not-there")]
    [InlineData("amqp-publish", "404, message: NOT_FOUND - no exchange 'not-there' in vhost '/'",
        "-e", "not-there", "-r", "k", "-b", "x")]
    [InlineData("amqp-declare-queue", "403, message: ACCESS_REFUSED - queue name 'amq.x' contains reserved prefix",
        "-q", "amq.x")]
    public async Task Shows_the_error_that_closed_its_channel(string tool, string error, params string[] arguments)
    {
        var (exitCode, _, errors) = await End(fixture.Broker, tool, arguments);
        Assert.Equal(1, exitCode);
        Assert.Contains("server channel error " + error, errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shows_that_its_password_was_refused()
    {
        var uri = fixture.Broker.Uri.Replace("guest:guest", "guest:wrong", StringComparison.Ordinal);
        await using var process = ClientProcess.Start(Prerequisites.AmqpTool("amqp-get"), "-u", uri, "-q", "q");
        var (exitCode, _, errors) = await process.End();
        Assert.Equal(1, exitCode);
        Assert.Contains("ACCESS_REFUSED - Login was refused using authentication mechanism PLAIN", errors,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_its_messages_after_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        await Run(broker, "amqp-declare-queue", "-q", "kept", "-d");
        await Run(broker, "amqp-publish", "-r", "kept", "-p", "-b", "still here");
        await broker.StopAsync();
        await broker.StartAgainAsync();
        Assert.Equal("still here", await Run(broker, "amqp-get", "-q", "kept"));
    }

    private static Task<string> Run(TestBroker broker, string tool, params string[] arguments) =>
        ClientProcess.Run(Prerequisites.AmqpTool(tool), ["-u", broker.Uri, .. arguments]);

    private static async Task<(int ExitCode, string Output, string Errors)> End(
        TestBroker broker, string tool, params string[] arguments)
    {
        await using var process = ClientProcess.Start(Prerequisites.AmqpTool(tool), ["-u", broker.Uri, .. arguments]);
        return await process.End();
    }
}
