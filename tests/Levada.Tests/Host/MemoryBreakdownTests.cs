using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>
/// The memory breakdown of an executable against what the system says of the process: what no line has is under a
/// tenth. Looked at after a full collection, so that nothing hides as garbage, and right after a burst as well.
/// </summary>
[Collection(nameof(Alone))]
public sealed class MemoryBreakdownTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly HttpClient _http = new();
    private BrokerProcess _broker = null!;
    private string _node = "";

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_folder.Path);
        _http.BaseAddress = new Uri($"http://{_broker.Http}");
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("guest:guest")));
        _node = (await GetAsync("/api/overview")).GetProperty("node").GetString()!;
    }

    [LevadaFact]
    public async Task An_idle_broker_knows_where_its_memory_is()
    {
        var memory = await CheckAsync();
        Assert.True(memory.GetProperty("code").GetInt64() > 10 << 20);
        var relative = (await GetAsync($"/api/nodes/{_node}/memory/relative")).GetProperty("memory");
        Assert.Equal(100, relative.GetProperty("total").GetInt64());
        Assert.InRange(relative.GetProperty("code").GetInt64(), 1, 100);
        Assert.Equal(HttpStatusCode.NotFound, (await _http.GetAsync("/api/nodes/other/memory")).StatusCode);
    }

    [LevadaFact]
    public async Task With_five_thousand_connections_and_right_after_they_went()
    {
        var streams = new ConcurrentBag<NetworkStream>();
        await Parallel.ForAsync(0, 5_000, async (_, cancellation) =>
        {
            var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(_broker.Amqp, cancellation);
            streams.Add(client.GetStream());
            await AmqpStream.OpenAsync(client.GetStream());
        });
        var memory = await CheckAsync();
        Assert.InRange(memory.GetProperty("connection_other").GetInt64() / 5_000, 3_000, 6_000);

        foreach (var stream in streams)
            stream.Close();
        await UntilAsync("connections", 0);
        await CheckAsync(collects: false);
    }

    [LevadaFact]
    public async Task With_sixty_five_thousand_channels_and_right_after_they_went()
    {
        const int Connections = 32, Channels = 2_032;
        var connections = new List<RawConnection>();
        for (var i = 0; i < Connections; i++)
            connections.Add(OpenChannels(Channels));
        var memory = await CheckAsync();
        Assert.InRange(
            memory.GetProperty("connection_channels").GetInt64() / (Connections * Channels), 500, 1_500);

        // Each channel and each connection tells its own share of these lines.
        var list = await GetAsync("/api/connections");
        Assert.InRange(
            list.EnumerateArray().Sum(c => c.GetProperty("memory").GetInt64()),
            Clients(memory) * 0.95, Clients(memory) * 1.05);

        foreach (var connection in connections)
            connection.Dispose();
        await UntilAsync("channels", 0);
        await CheckAsync(collects: false);
    }

    [LevadaFact]
    public async Task With_a_million_messages_ready_and_right_after_they_came()
    {
        using var connection = OpenChannels(1);
        var queues = new[] { connection.NewSharedQueue(1), connection.NewSharedQueue(1) };
        var body = new byte[100];
        for (var i = 0; i < 2_000; i++)
        {
            connection.InOneWrite(() =>
            {
                for (var j = 0; j < 500; j++)
                    connection.Publish(1, "", queues[j % 2], body);
            });
        }
        Assert.Equal(1_000_000u, connection.Count(1, queues[0]) + connection.Count(1, queues[1]));
        await CheckAsync(collects: false);
        var memory = await CheckAsync();
        Assert.True(memory.GetProperty("binary").GetInt64() > 0 && memory.GetProperty("msg_index").GetInt64() > 0);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private static long Clients(JsonElement memory) =>
        new[] { "readers", "writers", "channels", "consumers", "other" }
            .Sum(line => memory.GetProperty($"connection_{line}").GetInt64());

    private RawConnection OpenChannels(int channels)
    {
        var connection = RawConnection.Open(_broker.Amqp);
        connection.InOneWrite(() =>
        {
            for (ushort channel = 1; channel <= channels; channel++)
                connection.Send(channel, new ChannelOpen());
        });
        for (ushort channel = 1; channel <= channels; channel++)
            connection.Expect<ChannelOpenOk>(channel);
        return connection;
    }

    // Memory moves while it is looked at: the look nearest to the system's figure of before and after it counts.
    private async Task<JsonElement> CheckAsync(bool collects = true)
    {
        if (collects)
            (await _http.PostAsync("/api/nodes/gc_collect", null)).EnsureSuccessStatusCode();
        var memory = (await GetAsync($"/api/nodes/{_node}/memory")).GetProperty("memory");
        var resident = Resident();
        var lines = memory.EnumerateObject()
            .Where(static line => line.Value.ValueKind == JsonValueKind.Number && line.Name != "unaccounted").ToList();
        Assert.All(lines, static line => Assert.True(line.Value.GetInt64() >= 0, line.ToString()));
        var sum = lines.Sum(static line => line.Value.GetInt64());
        Assert.True(sum > resident * 0.9 && sum < resident * 1.1, $"{sum} of {resident}: {memory}");
        Assert.Equal(
            memory.GetProperty("total").GetProperty("rss").GetInt64(),
            sum + memory.GetProperty("unaccounted").GetInt64());
        if (collects)
            Assert.True(memory.GetProperty("gc_uncollected").GetInt64() < resident / 20, memory.ToString());
        return memory;
    }

    private long Resident() => long.Parse(
        File.ReadLines($"/proc/{_broker.Id}/status").Single(static line => line.StartsWith("VmRSS"))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) << 10;

    private async Task UntilAsync(string what, int count)
    {
        using var patience = new CancellationTokenSource(RawConnection.Patience);
        while ((await GetAsync("/api/overview")).GetProperty("object_totals").GetProperty(what).GetInt32() != count)
            await Task.Delay(20, patience.Token);
    }

    private async Task<JsonElement> GetAsync(string path) =>
        JsonDocument.Parse(await _http.GetStringAsync(path)).RootElement.Clone();
}
