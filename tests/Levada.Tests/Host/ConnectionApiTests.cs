using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Levada.Management;
using Levada.Protocol;
using Levada.Tests.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>GET /api/connections and /api/channels: RabbitMQ's keys (rules L1, L2, L4), live (rule L5).</summary>
public sealed class ConnectionApiTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private ManagementServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(
            options => options.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)]);
        _server = ManagementServer.Start(_broker.Broker, _broker.Options, NullLoggerFactory.Instance);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Listeners[0].Port}") };
        As("guest");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [LevadaFact]
    public async Task Churn_is_exact_for_each_user_vhost_product_name_and_address()
    {
        const int Connections = 7, Channels = 5;
        for (var i = 0; i < Connections; i++)
        {
            using var connection = RawConnection.Open(_broker, new Login
            {
                ClientProperties = Login.Properties("basic.nack").Add("connection_name", "web").Add("product", "php"),
            });
            for (ushort channel = 1; channel <= Channels; channel++) connection.OpenChannel(channel);
            connection.CloseChannel(1);
            connection.Close();
        }
        await _broker.UntilAsync(o => o.Churn.ConnectionsClosed == Connections);
        var all = (await GetAsync("/api/churn")).EnumerateArray().ToList();
        foreach (var (kind, name) in ((string, string)[])
        [
            ("node", _broker.Broker.NodeName), ("vhost", "/"), ("user", "guest"), ("product", "php"),
            ("connection_name", "web"),
        ])
        {
            var one = Assert.Single(all, c => c.GetProperty("kind").GetString() == kind
                && c.GetProperty("name").GetString() == name);
            Assert.Equal(Connections, one.GetProperty("connections_opened").GetInt64());
            Assert.Equal(Connections * Channels, one.GetProperty("channels_opened").GetInt64());
            Assert.Equal(0, one.GetProperty("connections").GetInt64());
            Assert.Equal(0, one.GetProperty("channels").GetInt64());
            Assert.True(one.GetProperty("channels_closed_details").GetProperty("rate").GetDouble() > 0);
        }
        Assert.Contains(all, c => c.GetProperty("kind").GetString() == "address");
    }

    [LevadaFact]
    public async Task L4_a_connection_shows_what_RabbitMQ_shows()
    {
        using var connection = RawConnection.OpenWithChannel(_broker, new Login
        {
            ClientProperties = Login.Properties("basic.nack").Add("connection_name", "worker").Add("n", 5),
        });
        connection.Publish(1, "", "nowhere", "x");
        connection.OpenChannel(2);
        var seen = Assert.Single((await GetAsync("/api/connections")).EnumerateArray());
        Assert.Equal(connection.Name, seen.GetProperty("name").GetString());
        Assert.Equal("worker", seen.GetProperty("user_provided_name").GetString());
        Assert.Equal("running", seen.GetProperty("state").GetString());
        Assert.Equal(2, seen.GetProperty("channels").GetInt32());
        Assert.Equal(1, seen.GetProperty("message_stats").GetProperty("publish").GetInt64());
        Assert.Equal(5, seen.GetProperty("client_properties").GetProperty("n").GetInt32());
        Assert.True(seen.GetProperty("client_properties").GetProperty("capabilities").GetProperty("basic.nack")
            .GetBoolean());
        foreach (var key in (string[])
        [
            "node", "type", "protocol", "user", "user_who_performed_action", "vhost", "host", "port", "peer_host",
            "peer_port", "ssl", "auth_mechanism", "channel_max", "frame_max", "timeout", "connected_at", "recv_oct",
            "recv_oct_details", "recv_cnt", "send_oct", "send_oct_details", "send_cnt", "send_pend", "held_bytes",
        ])
        {
            Assert.True(seen.TryGetProperty(key, out _), key);
        }
        var one = await GetAsync($"/api/connections/{Uri.EscapeDataString(connection.Name)}");
        Assert.Equal(connection.Name, one.GetProperty("name").GetString());
        Assert.Equal(2, (await GetAsync($"/api/connections/{Uri.EscapeDataString(connection.Name)}/channels"))
            .GetArrayLength());
    }

    [LevadaFact]
    public async Task L2_a_channel_shows_what_RabbitMQ_shows()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        connection.SelectConfirms(1);
        connection.Qos(1, 7);
        var queue = connection.NewQueue(1);
        var tag = connection.Consume(1, queue);
        var name = $"{connection.Name} (1)";
        var seen = Assert.Single((await GetAsync("/api/channels")).EnumerateArray());
        Assert.Equal(name, seen.GetProperty("name").GetString());
        foreach (var key in (string[])
        [
            "number", "node", "vhost", "user", "user_who_performed_action", "state", "consumer_count",
            "prefetch_count", "global_prefetch_count", "confirm", "transactional", "messages_unacknowledged",
            "messages_unconfirmed", "messages_uncommitted", "acks_uncommitted", "connection_details", "message_stats",
        ])
        {
            Assert.True(seen.TryGetProperty(key, out _), key);
        }
        Assert.Equal((7, true, 1), (
            seen.GetProperty("prefetch_count").GetInt32(), seen.GetProperty("confirm").GetBoolean(),
            seen.GetProperty("consumer_count").GetInt32()));
        var one = await GetAsync($"/api/channels/{Uri.EscapeDataString(name)}");
        var consumer = Assert.Single(one.GetProperty("consumer_details").EnumerateArray());
        Assert.Equal(tag, consumer.GetProperty("consumer_tag").GetString());
        Assert.Equal(queue, consumer.GetProperty("queue").GetProperty("name").GetString());
        connection.CloseChannel(1);
        using var gone = await _http.GetAsync($"/api/channels/{Uri.EscapeDataString(name)}", Stop);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [LevadaFact]
    public async Task A_management_user_sees_its_own_connections_and_one_without_tags_nothing()
    {
        var user = TestUser.Create(_broker, ".*", ".*", ".*", "management");
        using var mine = RawConnection.OpenWithChannel(_broker, user.Login);
        using var other = RawConnection.OpenWithChannel(_broker);
        Assert.Equal(2, (await GetAsync("/api/connections")).GetArrayLength());
        As(user.Name);
        Assert.Single((await GetAsync("/api/connections")).EnumerateArray());
        Assert.Single((await GetAsync("/api/channels")).EnumerateArray());
        using var hidden = await _http.GetAsync($"/api/connections/{Uri.EscapeDataString(other.Name)}", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, hidden.StatusCode);
        As(TestUser.Create(_broker, ".*", ".*", ".*").Name);
        using var refused = await _http.GetAsync("/api/connections", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Task<JsonElement> GetAsync(string path) => _http.GetFromJsonAsync<JsonElement>(path, Stop);

    private void As(string user) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}")));
}
