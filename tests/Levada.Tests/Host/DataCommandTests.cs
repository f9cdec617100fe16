using System.Diagnostics;
using System.Text;
using System.Text.Json;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The offline tools, as processes, on data that a killed broker left, whole and damaged.</summary>
public sealed class DataCommandTests : IAsyncLifetime
{
    private const int Messages = 300;

    private readonly TempFolder _folder = new();

    private string Data => Path.Combine(_folder.Path, "data");

    /// <summary>A killed broker's folder: a queue, a body that is a file, delayed messages, binary bodies.</summary>
    public async ValueTask InitializeAsync()
    {
        await using var broker = await BrokerProcess.StartAsync(Data, "--http-port", "0");
        var factory = new ConnectionFactory { Endpoint = new AmqpTcpEndpoint("127.0.0.1", broker.Amqp.Port) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
        await channel.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false);
        await channel.QueueDeclareAsync("large", durable: true, exclusive: false, autoDelete: false);
        await channel.ExchangeDeclareAsync(
            "later", "x-delayed-message", durable: true, arguments: new Dictionary<string, object?>
            {
                ["x-delayed-type"] = "fanout",
            });
        await channel.QueueBindAsync("q", "later", "");
        for (var i = 0; i < Messages; i++)
            await PublishAsync("", "q", Encoding.UTF8.GetBytes($"number {i}."));
        await PublishAsync("", "q", [0xff, 0xfe]);
        await PublishAsync("", "large", new byte[(1 << 20) + 1]);
        await PublishAsync("later", "", "tomorrow"u8.ToArray());
        await broker.KillAsync();

        ValueTask PublishAsync(string exchange, string key, byte[] body) => channel.BasicPublishAsync(
            exchange, key, mandatory: false, new BasicProperties
            {
                Persistent = true, MessageId = "id",
                Headers = new Dictionary<string, object?> { ["x-delay"] = 86_400_000 },
            },
            body);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task List_and_verify_change_nothing()
    {
        var before = Fingerprint();
        var (code, output, _) = await RunAsync("list", Data, "--json");
        Assert.Equal(0, code);
        var queues = JsonElement.Parse(output).GetProperty("queues").EnumerateArray().ToDictionary(
            static q => q.GetProperty("name").GetString()!, static q => q.GetProperty("messages").GetInt64());
        Assert.Equal(Messages + 1, queues["q"]);
        Assert.Equal(1, queues["large"]);
        Assert.Equal(1, queues["later"]);
        (code, output, _) = await RunAsync("verify", Data);
        Assert.Equal(0, code);
        Assert.EndsWith("everything is whole\n", output, StringComparison.Ordinal);
        Assert.Equal(before, Fingerprint());
    }

    [Fact]
    public async Task Bars_are_gone_from_a_terminal_before_the_report()
    {
        var seen = (await InTerminal.RunAsync(30, 100, [], [BrokerProcess.Executable, "data", "verify", Data]))
            .Complete();
        Assert.Equal(0, seen.ExitCode);
        var report = seen.Output.IndexOf("everything is whole", StringComparison.Ordinal);
        var bar = seen.Output.LastIndexOf('━');
        Assert.True(bar > 0 && report > bar, seen.Output);
        // Two lines at least, the first and the one with the bar.
        var between = seen.Output[bar..report];
        Assert.True(between.Split("\u001b[2K").Length > 2, between);
    }

    [Fact]
    public async Task Export_has_every_message_with_its_properties()
    {
        var target = Path.Combine(_folder.Path, "out");
        Assert.Equal(0, (await RunAsync("export", Data, target)).ExitCode);
        var lines = File.ReadLines(Path.Combine(target, "messages.jsonl")).Select(l => JsonElement.Parse(l)).ToList();
        Assert.Equal(Messages + 3, lines.Count);
        var q = lines.Where(static l => l.TryGetProperty("queue", out var queue) && queue.GetString() == "q").ToList();
        Assert.Equal(
            Enumerable.Range(0, Messages).Select(static i => $"number {i}."),
            q.Take(Messages).Select(static l => l.GetProperty("payload").GetString()));
        Assert.Equal("//4=", q[^1].GetProperty("payload").GetString());
        Assert.Equal("base64", q[^1].GetProperty("payload_encoding").GetString());
        Assert.Equal("id", q[0].GetProperty("properties").GetProperty("message_id").GetString());
        Assert.Contains(lines, static l => l.GetProperty("payload_bytes").GetInt64() == (1 << 20) + 1);
        Assert.Contains(lines, static l => l.TryGetProperty("delayed_by_exchange", out _));
        var definitions = JsonElement.Parse(
            await File.ReadAllTextAsync(Path.Combine(target, "definitions.json"), Token));
        Assert.Equal(2, definitions.GetProperty("queues").GetArrayLength());
    }

    [Fact]
    public async Task Repair_keeps_what_is_damaged_and_the_rest_goes_on()
    {
        Damage("number 7.");
        Damage("number 8.");
        var verified = await RunAsync("verify", Data);
        Assert.Equal(1, verified.ExitCode);
        Assert.Contains("(queue 'q' in vhost '/'); lost: 1", verified.Output, StringComparison.Ordinal);
        var before = Fingerprint();
        var dry = await RunAsync("repair", Data, "--dry-run");
        Assert.EndsWith("nothing was changed\n", dry.Output, StringComparison.Ordinal);
        Assert.Equal(before, Fingerprint());

        var repaired = await RunAsync("repair", Data);
        Assert.Equal(0, repaired.ExitCode);
        Assert.EndsWith("everything left is whole\n", repaired.Output, StringComparison.Ordinal);
        var kept = Directory.GetFiles(Path.Combine(Data, "damaged"), "*", SearchOption.AllDirectories);
        Assert.Contains(kept, static path => File.ReadAllText(path).Contains("nUmber 7.", StringComparison.Ordinal));
        Assert.Contains(kept, static path => Path.GetFileName(path) == "report.txt");
        Assert.Equal(0, (await RunAsync("verify", Data)).ExitCode);
        await CheckAfterRepairAsync();
    }

    [Fact]
    public async Task Damage_in_a_segment_is_repaired_by_copying_the_rest()
    {
        // Repairing moves the journal's messages to segments.
        Damage("number 7.");
        await RunAsync("repair", Data);
        Damage("number 8.", "*.seg");
        Assert.Equal(1, (await RunAsync("verify", Data)).ExitCode);
        var repaired = await RunAsync("repair", Data);
        Assert.EndsWith("everything left is whole\n", repaired.Output, StringComparison.Ordinal);
        await CheckAfterRepairAsync();
    }

    [Fact]
    public async Task A_running_broker_and_a_strange_folder_are_refused()
    {
        await using (var broker = await BrokerProcess.StartAsync(Data))
        {
            var (code, _, error) = await RunAsync("list", Data);
            Assert.Equal(69, code);
            Assert.Contains($"(process {broker.Id})", error, StringComparison.Ordinal);
        }
        var strange = await RunAsync("verify", _folder.Path);
        Assert.Equal(65, strange.ExitCode);
        Assert.Contains("is no data folder of a broker", strange.Error, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Two messages of q are gone, nothing else, and the broker finds nothing to complain of.
    private async Task CheckAfterRepairAsync()
    {
        await using var broker = await BrokerProcess.StartAsync(Data);
        Assert.DoesNotContain(broker.Log, static line => line.Contains("damage", StringComparison.Ordinal));
        var factory = new ConnectionFactory { Endpoint = new AmqpTcpEndpoint("127.0.0.1", broker.Amqp.Port) };
        await using var connection = await factory.CreateConnectionAsync(Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Token);
        var bodies = new List<string>();
        while (await channel.BasicGetAsync("q", autoAck: true, Token) is { } message)
            bodies.Add(Encoding.UTF8.GetString(message.Body.Span));
        Assert.Equal(
            Enumerable.Range(0, Messages).Where(static i => i is not 7 and not 8).Select(static i => $"number {i}."),
            bodies.SkipLast(1));
        Assert.Equal(1u, await channel.MessageCountAsync("large", Token));
    }

    private void Damage(string text, string files = "journal-*.log")
    {
        foreach (var path in Directory.GetFiles(Path.Combine(Data, "shards"), files, SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
            if (at < 0)
                continue;
            bytes[at + 1] ^= 0x20;
            File.WriteAllBytes(path, bytes);
            return;
        }
        Assert.Fail($"'{text}' is in no file");
    }

    // All files but the lock's, which says who looked, and the socket that a killed broker leaves.
    private string Fingerprint() => string.Join('\n', Directory
        .GetFiles(Data, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Where(static path => Path.GetExtension(path) is not (".pid" or ".lock" or ".sock"))
        .Select(static path =>
            $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)))}"));

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(BrokerProcess.Executable, ["data", .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, error);
    }
}
