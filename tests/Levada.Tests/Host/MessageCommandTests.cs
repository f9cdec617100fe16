using System.Text.Json;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>Messages by the command line: published, looked at, taken, moved, and who holds them.</summary>
public sealed class MessageCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private BrokerProcess _broker = null!;
    private CommandLine _levada = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_folder.Path);
        _levada = CommandLine.Over(_broker);
        await _levada.DoneAsync("create_queue", "q");
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_message_is_published_looked_at_and_taken()
    {
        await _levada.DoneAsync(
            "publish", "", "q", "olá", "--properties", """{"content_type":"text/plain","headers":{"n":1}}""");
        await _levada.DoneAsync("publish", "", "q", "more", "--count", "2");
        var seen = await JsonAsync("peek", "q", "--count", "9", "--formatter", "json");
        Assert.Equal(["olá", "more", "more"], seen.Select(static m => m.GetProperty("payload").GetString()));
        Assert.Equal("more", Assert.Single(await JsonAsync("peek", "q", "1", "--formatter", "json"))
            .GetProperty("payload").GetString());
        var taken = await JsonAsync("get", "q", "--ackmode", "ack_requeue_false", "--formatter", "json");
        Assert.Equal("olá", Assert.Single(taken).GetProperty("payload").GetString());
        Assert.Equal(["q\t2"], await _levada.LinesAsync("list_queues", "-s"));
    }

    [Fact]
    public async Task What_has_no_queue_is_an_error()
    {
        Assert.Contains(
            "NOT routed", await _levada.RefusedAsync(69, "publish", "", "none", "x"), StringComparison.Ordinal);
        Assert.Contains(
            "no queue 'none' in vhost '/'", await _levada.RefusedAsync(69, "get", "none"), StringComparison.Ordinal);
        await _levada.RefusedAsync(64, "publish", "", "q", "x", "--properties", "[]");
    }

    [Fact]
    public async Task Those_with_a_header_are_moved()
    {
        await _levada.DoneAsync("create_queue", "r");
        await _levada.DoneAsync("publish", "", "q", "a", "--properties", """{"headers":{"n":1}}""");
        await _levada.DoneAsync("publish", "", "q", "b");
        Assert.Equal(
            ["1 moved, 0 refused by r"],
            await _levada.LinesAsync("move_messages", "q", "r", "-q", "--headers", """{"n":1}"""));
        Assert.Equal(["q\t1", "r\t1"], await _levada.LinesAsync("list_queues", "-s"));
    }

    [Fact]
    public async Task Who_holds_them_is_shown()
    {
        using var client = RawConnection.Open(_broker.Amqp);
        client.OpenChannel(1);
        client.Fill("q", "one");
        client.Get(1, "q");
        var held = Assert.Single(await JsonAsync("list_unacknowledged", "q", "--formatter", "json"));
        Assert.Equal($"{client.Name} (1)", held.GetProperty("channel_name").GetString());
        Assert.Equal("guest", held.GetProperty("user").GetString());
    }

    private async Task<IReadOnlyList<JsonElement>> JsonAsync(params string[] command) =>
        [.. JsonElement.Parse(string.Concat(await _levada.LinesAsync(command))).EnumerateArray()];
}
