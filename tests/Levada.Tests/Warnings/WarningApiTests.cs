using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Levada.Management;
using Levada.Tests.Rules;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>GET /api/warnings and the metrics, of a broker that looks by itself.</summary>
public sealed class WarningApiTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private ManagementServer _server = null!;
    private HttpClient _http = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(options =>
        {
            options.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            options.Warnings.Interval = TimeSpan.FromMilliseconds(100);
            options.Warnings.IdleChannelsTime = TimeSpan.FromMilliseconds(200);
            options.Warnings.IdleChannelsMin = 3;
            options.Warnings.Max = 2;
        });
        _server = ManagementServer.Start(_broker.Broker, _broker.Options, NullLoggerFactory.Instance);
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.Listeners[0].Port}") };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [LevadaFact]
    public async Task A_warning_says_who_what_and_since_when_and_goes_with_its_connection()
    {
        var user = TestUser.Create(_broker, "", "", "", "management");
        var login = user.Login with
        {
            ClientProperties = Login.Properties("basic.nack").Add("connection_name", "pool"),
        };
        using (var connection = RawConnection.OpenWithChannel(_broker, login))
        {
            connection.OpenChannel(2);
            connection.OpenChannel(3);
            await _broker.Log.WaitForAsync("warning idle_channels: connection", connection.Name);
            await UntilAsync(c => c == 1);
            As("guest");
            var warning = Assert.Single(await GetAsync());
            Assert.Equal("idle_channels", Text(warning, "name"));
            Assert.Equal((connection.Name, "pool", user.Name, "/", "raw test client"),
                (Text(warning, "connection"), Text(warning, "user_provided_name"), Text(warning, "user"),
                    Text(warning, "vhost"), Text(warning, "product")));
            Assert.StartsWith("3 of 3 channels are unused", Text(warning, "what"), StringComparison.Ordinal);
            Assert.NotEqual("", Text(warning, "advice"));
            Assert.Equal(3, warning.GetProperty("figures").GetProperty("channels_unused").GetInt32());
            Assert.InRange(DateTimeOffset.Parse(Text(warning, "since")),
                DateTimeOffset.UtcNow.AddMinutes(-2), DateTimeOffset.UtcNow);
            Assert.False(warning.TryGetProperty("channel", out _));

            As(user.Name);
            Assert.Single(await GetAsync());
            As(TestUser.Create(_broker, "", "", "", "management").Name);
            Assert.Empty(await GetAsync());
        }
        await _broker.Log.WaitForAsync("warning over: idle_channels");
        await UntilAsync(c => c == 0);
        As("guest");
        Assert.Empty(await GetAsync());
        Assert.Contains("levada_warnings_raised_total{name=\"idle_channels\"} 1\n", await MetricsAsync());
    }

    [LevadaFact]
    public async Task No_more_stand_than_configured_and_the_rest_is_counted()
    {
        using var first = RawConnection.OpenWithChannel(_broker);
        using var second = RawConnection.OpenWithChannel(_broker);
        using var third = RawConnection.OpenWithChannel(_broker);
        foreach (var connection in (RawConnection[])[first, second, third])
        {
            connection.OpenChannel(2);
            connection.OpenChannel(3);
        }
        await UntilAsync(c => c == 2);
        As("guest");
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; ;)
        {
            var metrics = await MetricsAsync();
            if (metrics.Contains("levada_warnings_left_out{name=\"idle_channels\"} 1\n", StringComparison.Ordinal))
            {
                Assert.Contains("levada_warnings{name=\"idle_channels\"} 2\n", metrics);
                Assert.Contains("levada_warnings{name=\"channel_leak\"} 0\n", metrics);
                Assert.Contains("levada_limit{key=\"warning_max\"} 2\n", metrics);
                break;
            }
            Assert.True(DateTime.UtcNow < deadline, metrics);
            await Task.Delay(20);
        }
        Assert.Equal(2, (await GetAsync()).Length);
    }

    // The looks come in their own time, and nothing tells of their end.
    private async Task UntilAsync(Predicate<int> wanted)
    {
        for (var deadline = DateTime.UtcNow + RawConnection.Patience; !wanted(_broker.Broker.Warnings.Current.Count);)
        {
            Assert.True(DateTime.UtcNow < deadline, "not in time");
            await Task.Delay(20);
        }
    }

    private void As(string user) => _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
        "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{user}")));

    private async Task<JsonElement[]> GetAsync() => (await _http.GetFromJsonAsync<JsonElement[]>("/api/warnings"))!;

    private Task<string> MetricsAsync() => _http.GetStringAsync("/metrics");

    private static string Text(JsonElement from, string key) => from.GetProperty(key).GetString()!;
}
