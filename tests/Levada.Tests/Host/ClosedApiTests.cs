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

/// <summary>GET /api/connections/closed and /api/channels/closed: who ended what, when and why.</summary>
public sealed class ClosedApiTests : IAsyncLifetime
{
    private const int Max = 5;

    private TestBroker _broker = null!;
    private ManagementServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(options =>
        {
            options.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            options.ClosedHistoryMax = Max;
        });
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
    public async Task A_channel_closed_for_a_mistake_is_remembered_with_its_reason()
    {
        using var connection = RawConnection.OpenWithChannel(_broker, new Login
        {
            ClientProperties = Login.Properties("basic.nack").Add("connection_name", "worker"),
        });
        connection.Publish(1, "", "nowhere", "x");
        connection.Send(1, new QueueDeclare("none", Passive: true));
        var close = connection.Expect<ChannelClose>(1);
        var seen = Assert.Single(await GetAsync("/api/channels/closed"));
        Assert.Equal($"{connection.Name} (1)", Text(seen, "name"));
        Assert.Equal(connection.Name, Text(seen.GetProperty("connection_details"), "name"));
        Assert.Equal(("worker", "guest", "/"),
            (Text(seen, "user_provided_name"), Text(seen, "user"), Text(seen, "vhost")));
        AssertReason(seen, "broker", 404, close.ReplyText);
        Assert.Equal("queue.declare", Text(seen, "method"));
        Assert.Equal(1, seen.GetProperty("number").GetInt32());
        Assert.Equal(1, seen.GetProperty("message_stats").GetProperty("publish").GetInt64());
        Assert.True(seen.GetProperty("open_ms").GetInt64() >= 0);
        Assert.True(seen.GetProperty("recv_cnt").GetInt64() > 0);
    }

    [LevadaFact]
    public async Task A_channel_that_the_client_closes_is_remembered_only_if_it_says_why()
    {
        using var connection = RawConnection.OpenWithChannel(_broker);
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        connection.Send(1, new ChannelClose(541, "handler threw", 0, 0));
        connection.Expect<ChannelCloseOk>(1);
        AssertReason(Assert.Single(await GetAsync("/api/channels/closed")), "client", 541, "handler threw");
        connection.OpenChannel(1);
        connection.Close();
        Assert.Single(await GetAsync("/api/channels/closed"));
    }

    [LevadaFact]
    public async Task A_connection_is_remembered_with_who_closed_it()
    {
        using (var connection = RawConnection.OpenWithChannel(_broker))
        {
            connection.OpenChannel(2);
            var name = connection.Name;
            connection.Close();
            var closed = (await GetAsync("/api/connections/closed"))[0];
            Assert.Equal(name, Text(closed, "name"));
            Assert.Equal("client", Text(closed, "closed_by"));
            Assert.Equal(2, closed.GetProperty("channels_opened").GetInt32());
        }
        using (var connection = RawConnection.OpenWithChannel(_broker))
        {
            connection.SendFrame(9, 1, []);
            var close = connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
            AssertReason((await GetAsync("/api/connections/closed"))[0], "broker", 501, close.ReplyText);
        }
        using (var connection = RawConnection.OpenWithChannel(_broker))
        {
            _broker.Broker.Connections.All.Single(c => c.Name == connection.Name).CloseForced("enough");
            connection.ExpectConnectionError(320, "CONNECTION_FORCED - enough", 0);
            AssertReason(
                (await GetAsync("/api/connections/closed"))[0], "operator", 320, "CONNECTION_FORCED - enough");
        }
        using (var connection = RawConnection.OpenWithChannel(_broker))
        {
            var name = connection.Name;
            connection.Reset();
            await _broker.UntilAsync(o => o.Connections == 0);
            var lost = (await GetAsync("/api/connections/closed"))[0];
            Assert.Equal((name, "lost"), (Text(lost, "name"), Text(lost, "closed_by")));
            Assert.NotEqual("", Text(lost, "reply_text"));
        }
    }

    [LevadaFact]
    public async Task No_more_are_remembered_than_configured_and_normal_ones_push_out_no_others()
    {
        using (var connection = RawConnection.OpenWithChannel(_broker))
        {
            for (var i = 0; i < Max + 3; i++)
            {
                connection.Send(1, new QueueDeclare($"none-{i}", Passive: true));
                connection.ExpectChannelError(1, 404, $"no queue 'none-{i}'", MethodId.QueueDeclare);
            }
            var channels = await GetAsync("/api/channels/closed");
            Assert.Equal(
                Enumerable.Range(3, Max).Reverse(),
                channels.Select(c => int.Parse(Text(c, "reply_text").Split('\'')[1].Split('-')[1])));
            connection.SendFrame(9, 1, []);
            connection.ExpectConnectionError(501, "FRAME_ERROR - ", 0);
        }
        for (var i = 0; i < Max + 3; i++)
        {
            using var connection = RawConnection.Open(_broker);
            connection.Close();
        }
        var connections = await GetAsync("/api/connections/closed");
        Assert.Equal(Max + 1, connections.Length);
        Assert.Equal(501, connections[^1].GetProperty("reply_code").GetInt32());
        var (most, bytes) = _broker.Broker.Closed.Use();
        Assert.Equal(Max, most);
        Assert.InRange(bytes, 1, ((2 * Max) + 1) * 2048);
        var metrics = await _http.GetStringAsync("/metrics", Stop);
        Assert.Contains($"levada_limit{{key=\"closed_history_max\"}} {Max}\n", metrics);
        Assert.Contains($"levada_limit_used{{key=\"closed_history_max\"}} {Max}\n", metrics);
        Assert.Contains($"levada_closed_history_bytes {bytes}\n", metrics);
    }

    [LevadaFact]
    public async Task A_management_user_sees_its_own()
    {
        var user = TestUser.Create(_broker, ".*", ".*", ".*", "management");
        foreach (var login in (Login[])[user.Login, new Login()])
        {
            using var connection = RawConnection.OpenWithChannel(_broker, login);
            connection.Send(1, new QueueDeclare("none", Passive: true));
            connection.Expect<ChannelClose>(1);
            connection.Close();
        }
        Assert.Equal(2, (await GetAsync("/api/channels/closed")).Length);
        As(user.Name);
        Assert.Equal(user.Name, Text(Assert.Single(await GetAsync("/api/channels/closed")), "user"));
        Assert.Equal(user.Name, Text(Assert.Single(await GetAsync("/api/connections/closed")), "user"));
    }

    private static void AssertReason(JsonElement closed, string by, int code, string text) => Assert.Equal(
        (by, code, text),
        (Text(closed, "closed_by"), closed.GetProperty("reply_code").GetInt32(), Text(closed, "reply_text")));

    private static string Text(JsonElement of, string key) => of.GetProperty(key).GetString()!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<JsonElement[]> GetAsync(string path) =>
        (await _http.GetFromJsonAsync<JsonElement[]>(path, Stop))!;

    private void As(string user) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}")));
}
