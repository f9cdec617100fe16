using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Levada.Management;
using Levada.Tests.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>The HTTP side over a real socket.</summary>
public sealed class HttpTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Levada.Broker _broker = null!;
    private ManagementServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        var options = new BrokerOptions
        {
            DataDir = _folder.Path,
            AmqpListeners = [new ListenerOptions(IPAddress.Loopback, 0)],
            HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0), new ListenerOptions(IPAddress.Loopback, 0)],
        };
        _broker = new Levada.Broker(options, NullLoggerFactory.Instance);
        await _broker.StartAsync();
        _server = ManagementServer.Start(_broker, options, NullLoggerFactory.Instance);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Listeners[1].Port}") };
        Login("guest:guest");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Overview_has_the_keys_that_RabbitMQ_and_LavinMQ_share()
    {
        var overview = await _http.GetFromJsonAsync<JsonElement>("/api/overview", Stop);
        Assert.Equal("Levada", overview.GetProperty("product_name").GetString());
        foreach (var key in new[] { "connections", "channels", "exchanges", "queues", "consumers" })
            Assert.True(overview.GetProperty("object_totals").GetProperty(key).GetInt32() >= 0);
        foreach (var key in new[] { "messages", "messages_ready", "messages_unacknowledged" })
            Assert.Equal(0, overview.GetProperty("queue_totals").GetProperty(key).GetInt64());
        foreach (var key in new[] { "connection_created", "channel_closed", "queue_declared" })
            Assert.Equal(0, overview.GetProperty("churn_rates").GetProperty(key).GetInt64());
        foreach (var key in new[] { "publish", "confirm", "deliver_get", "ack", "redeliver" })
            Assert.Equal(0, overview.GetProperty("message_stats").GetProperty(key).GetInt64());
        Assert.Contains(overview.GetProperty("listeners").EnumerateArray(),
            l => l.GetProperty("protocol").GetString() == "http");
        Assert.Contains(overview.GetProperty("exchange_types").EnumerateArray(),
            t => t.GetProperty("name").GetString() == "topic");
    }

    [Fact]
    public async Task Every_port_answers()
    {
        foreach (var listener in _server.Listeners)
        {
            var uri = new Uri($"http://127.0.0.1:{listener.Port}/metrics");
            Assert.NotEmpty(await _http.GetStringAsync(uri, Stop));
        }
    }

    [Fact]
    public async Task Ports_close_with_the_server_whether_somebody_asked_or_not()
    {
        var port = _server.Listeners[0].Port;
        await _server.DisposeAsync();
        using var client = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(
            () => client.ConnectAsync(IPAddress.Loopback, port, Stop).AsTask());
    }

    [Fact]
    public async Task Alarms_check_is_ok_while_publishing_is_not_blocked()
    {
        var check = await _http.GetFromJsonAsync<JsonElement>("/api/health/checks/alarms", Stop);
        Assert.Equal("ok", check.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("guest:wrong")]
    [InlineData("nobody:guest")]
    [InlineData("no colon")]
    [InlineData(null)]
    public async Task Api_asks_for_a_user_and_a_password(string? login)
    {
        Login(login);
        using var response = await _http.GetAsync("/api/overview", Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Basic", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal("not_authorized", body.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7", HttpStatusCode.Unauthorized)]
    [InlineData("Origin", "https://elsewhere.example.com", HttpStatusCode.Unauthorized)]
    [InlineData("Via", "1.1 elsewhere", HttpStatusCode.OK)]
    public async Task A11_guest_behind_a_proxy_or_of_another_sites_page_is_not_local(
        string header, string value, HttpStatusCode expected)
    {
        _http.DefaultRequestHeaders.Add(header, value);
        using var response = await _http.GetAsync("/api/overview", Stop);
        Assert.Equal(expected, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_path_is_a_404_in_JSON()
    {
        using var response = await _http.GetAsync("/api/nothing", Stop);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal("Object Not Found", body.GetProperty("error").GetString());
    }

    [Fact]
    public async Task Metrics_are_open_and_every_family_is_described_once()
    {
        Login(null);
        var text = await _http.GetStringAsync("/metrics", Stop);
        Assert.Superset(new HashSet<string>
        {
            "rabbitmq_connections", "rabbitmq_channels_opened_total", "rabbitmq_queue_messages_ready",
            "rabbitmq_global_messages_received_total", "rabbitmq_process_resident_memory_bytes",
            "rabbitmq_alarms_free_disk_space_watermark", "levada_limit", "levada_limit_used",
            "levada_limit_refused_total", "levada_connections_by_state", "levada_connections_held_bytes",
            "levada_channels_opened_total",
        }, new HashSet<string>(Exposition.Parse(text).Types.Keys));
        Assert.Contains("levada_limit{key=\"frame_max\"} 131072", text, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private void Login(string? login) => _http.DefaultRequestHeaders.Authorization = login is null
        ? null
        : new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
}
