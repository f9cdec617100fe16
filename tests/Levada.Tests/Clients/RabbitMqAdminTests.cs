using System.Globalization;
using System.Text.Json;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Clients;

/// <summary>rabbitmqadmin, RabbitMQ's own client of the HTTP API, as Debian has it: all that it can do.</summary>
public sealed class RabbitMqAdminTests
{
    private const string Program = "/usr/bin/rabbitmqadmin";

    [Theory]
    [InlineData("connections", "name")]
    [InlineData("channels", "name")]
    [InlineData("consumers", "consumer_tag")]
    [InlineData("exchanges", "name")]
    [InlineData("queues", "name")]
    [InlineData("bindings", "source")]
    [InlineData("users", "name")]
    [InlineData("vhosts", "name")]
    [InlineData("permissions", "user")]
    [InlineData("nodes", "name")]
    [InlineData("parameters", "name")]
    [InlineData("policies", "name")]
    [InlineData("operator_policies", "name")]
    [InlineData("vhost_limits", "vhost")]
    public async Task Every_kind_is_listed(string kind, string column)
    {
        await using var api = await StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        client.Consume(1, client.NewQueue(1));
        await RunAsync(api, "declare", "policy", "name=p", "pattern=^a", """definition={"max-length":1}""");
        await RunAsync(api, "declare", "operator_policy", "name=o", "pattern=^a", """definition={"max-length":2}""");
        await RunAsync(api, "declare", "vhost_limit", "vhost=/", "name=max-queues", "value=100");
        var listed = await RunAsync(api, "-f", "raw_json", "list", kind);
        var rows = JsonDocument.Parse(listed).RootElement.EnumerateArray().ToArray();
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.True(row.TryGetProperty(column, out _), listed));
        // As a table, too, with its own columns and with all.
        Assert.NotEmpty(await RunAsync(api, "list", kind));
        Assert.NotEmpty(await RunAsync(api, "-f", "long", "-d", "3", "list", kind, column));
        Assert.NotEmpty(await RunAsync(api, "-S", column, "-R", "list", kind));
    }

    [Fact]
    public async Task Overview_is_shown()
    {
        await using var api = await StartAsync();
        Assert.Contains("levada@", await RunAsync(api, "show", "overview"), StringComparison.Ordinal);
        Assert.Contains(
            "object_totals.queues", await RunAsync(api, "-f", "long", "-d", "3", "show", "overview"),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exchange", "name=x type=topic durable=true", "name=x", "exchanges", "x")]
    [InlineData("queue", """name=q durable=true arguments={"x-max-length":5}""", "name=q", "queues", "q")]
    [InlineData("queue", "name=k queue_type=quorum", "name=k", "queues", "k")]
    [InlineData("vhost", "name=v tracing=false", "name=v", "vhosts", "v")]
    [InlineData("user", "name=u password=u tags=monitoring", "name=u", "users", "u")]
    [InlineData(
        "binding", "source=amq.topic destination=there routing_key=a.*",
        "source=amq.topic destination=there destination_type=queue properties_key=a.%2A", "bindings", "amq.topic")]
    [InlineData(
        "permission", "vhost=/ user=somebody configure=.* write=.* read=.*", "vhost=/ user=somebody", "permissions",
        "somebody")]
    [InlineData(
        "policy", """name=p pattern=^a definition={"max-length":1} priority=3 apply-to=queues""", "name=p", "policies",
        "p")]
    [InlineData(
        "operator_policy", """name=p pattern=^a definition={"max-length":1}""", "name=p", "operator_policies", "p")]
    [InlineData(
        "vhost_limit", "vhost=/ name=max-queues value=100", "vhost=/ name=max-queues", "vhost_limits", "max-queues")]
    public async Task What_is_declared_is_there_until_it_is_deleted(
        string kind, string declared, string deleted, string list, string name)
    {
        await using var api = await StartAsync();
        await api.CreateAsync("/api/queues/%2F/there", """{"durable":true}""");
        await api.CreateAsync("/api/users/somebody", """{"password":"x","tags":""}""");
        Assert.DoesNotContain($"\"{name}\"", await ListAsync(), StringComparison.Ordinal);
        await RunAsync(api, ["declare", kind, .. declared.Split(' ')]);
        Assert.Contains($"\"{name}\"", await ListAsync(), StringComparison.Ordinal);
        await RunAsync(api, ["delete", kind, .. deleted.Split(' ')]);
        Assert.DoesNotContain($"\"{name}\"", await ListAsync(), StringComparison.Ordinal);

        Task<string> ListAsync() => RunAsync(api, "-f", "raw_json", "list", list);
    }

    [Fact]
    public async Task Messages_are_published_got_and_purged()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "declare", "queue", "name=q");
        for (var i = 1; i <= 3; i++)
        {
            Assert.Contains(
                "Message published", await RunAsync(
                    api, "publish", "routing_key=q", $"payload=number {i}",
                    """properties={"delivery_mode":2,"headers":{"a":1}}"""),
                StringComparison.Ordinal);
        }
        Assert.Contains(
            "NOT routed", await RunAsync(api, "publish", "routing_key=nowhere", "payload=x"), StringComparison.Ordinal);
        Assert.Contains("number 1", await RunAsync(api, "get", "queue=q"), StringComparison.Ordinal);
        var got = JsonDocument.Parse(await RunAsync(
            api, "-f", "raw_json", "get", "queue=q", "count=2", "ackmode=ack_requeue_false", "encoding=base64"));
        Assert.Equal(
            ["bnVtYmVyIDE=", "bnVtYmVyIDI="],
            got.RootElement.EnumerateArray().Select(static m => m.GetProperty("payload").GetString()));
        var file = Path.Combine(api.Broker.DataFolder, "payload");
        await RunAsync(api, "get", "queue=q", $"payload_file={file}");
        Assert.Equal("number 3", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        await RunAsync(api, "purge", "queue", "name=q");
        Assert.Contains("No items", await RunAsync(api, "get", "queue=q"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_closed()
    {
        await using var api = await StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        await RunAsync(api, "close", "connection", $"name={client.Name}");
        Assert.Equal(320, client.Expect<Levada.Protocol.ConnectionClose>(0).ReplyCode);
    }

    [Fact]
    public async Task What_is_exported_can_be_imported()
    {
        await using var api = await StartAsync();
        await RunAsync(api, "declare", "queue", "name=q", """arguments={"x-max-length":5}""");
        var file = Path.Combine(api.Broker.DataFolder, "definitions.json");
        await RunAsync(api, "export", file);
        await RunAsync(api, "delete", "queue", "name=q");
        await RunAsync(api, "import", file);
        Assert.Equal(
            5,
            (await api.GetAsync("/api/queues/%2F/q")).GetProperty("arguments").GetProperty("x-max-length").GetInt32());
        Assert.Contains(
            "q", await RunAsync(api, "-V", "/", "-f", "tsv", "list", "queues", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_are_told_as_RabbitMQ_tells_them()
    {
        await using var api = await StartAsync();
        Assert.Contains(
            "*** Not found: /api/queues/%2F/none",
            await RunAsync(api, mustFail: true, "delete", "queue", "name=none"), StringComparison.Ordinal);
        Assert.Contains(
            "*** Access refused: /api/overview",
            await RunAsync(api, mustFail: true, "-p", "wrong", "show", "overview"), StringComparison.Ordinal);
        Assert.Contains(
            "inequivalent arg", await RunTwiceAsync(), StringComparison.Ordinal);

        async Task<string> RunTwiceAsync()
        {
            await RunAsync(api, "declare", "queue", "name=q", "durable=true");
            return await RunAsync(api, mustFail: true, "declare", "queue", "name=q", "durable=false");
        }
    }

    private static Task<OperatorApi> StartAsync()
    {
        Assert.SkipUnless(File.Exists(Program), "rabbitmqadmin is not here: scripts/prerequisites test installs it");
        return OperatorApi.StartAsync();
    }

    private static Task<string> RunAsync(OperatorApi api, params string[] arguments) =>
        RunAsync(api, mustFail: false, arguments);

    /// <summary>What it writes, if it succeeds, or fails if it must.</summary>
    private static async Task<string> RunAsync(OperatorApi api, bool mustFail, params string[] arguments)
    {
        string[] target = ["-P", api.Port.ToString(CultureInfo.InvariantCulture), "-u", "guest", "-p", "guest"];
        await using var process = ClientProcess.Start(Program, [.. target, .. arguments]);
        var (exitCode, output, errors) = await process.End();
        Assert.True((exitCode != 0) == mustFail, $"{string.Join(' ', arguments)}: {output}{errors}");
        return output + errors;
    }
}
