using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>/api/auth/attempts/NODE/source: logins by address and user, if somebody wants to know.</summary>
public sealed class LoginAttemptsTests
{
    [LevadaFact]
    public async Task Sources_are_counted_from_the_moment_that_it_is_asked_for()
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Empty(await SourcesAsync(api));
        await api.DoAsync(
            HttpMethod.Put, "/api/config/effective/track_auth_attempt_source", """{"value":"true"}""");
        await api.AskAsync(HttpMethod.Get, "/api/whoami", password: "wrong");
        using (RawConnection.OpenWithChannel(api.Broker))
            TryAmqp(api, "nobody", "guess");
        Assert.Equal(
            [
                "127.0.0.1 guest amqp091 1 0", "127.0.0.1 guest http 1 1", "127.0.0.1 nobody amqp091 1 1",
            ],
            await SourcesAsync(api));
        Assert.Equal(
            [
                "127.0.0.1 guest amqp091 1 0", "127.0.0.1 guest http 2 1", "127.0.0.1 nobody amqp091 1 1",
            ],
            await SourcesAsync(api));
        await api.DoAsync(HttpMethod.Delete, $"{Path(api)}/source");
        Assert.Equal(["127.0.0.1 guest http 1 0"], await SourcesAsync(api, own: 0));
        var entry = (await api.ListAsync("/api/audit"))[0];
        Assert.Equal("reset_login_counts", entry.GetProperty("action").GetString());
    }

    [LevadaFact]
    public async Task There_is_room_for_so_many_sources()
    {
        await using var api = await OperatorApi.StartAsync(options =>
        {
            options.TrackLoginSources = true;
            options.LoginSourcesMax = 3;
            options.LoginFailuresMax = 0;
        });
        for (var i = 0; i < 5; i++)
            TryAmqp(api, $"u{i}", "guess");
        Assert.Equal(
            ["127.0.0.1 u0 amqp091 1 1", "127.0.0.1 u1 amqp091 1 1", "127.0.0.1 u2 amqp091 1 1"],
            await SourcesAsync(api));
        var metrics = (await api.AskAsync(HttpMethod.Get, "/metrics")).Body;
        Assert.Contains("\nlevada_login_sources 3\n", metrics, StringComparison.Ordinal);
        // Two that guess, and who asks here.
        Assert.Contains("\nlevada_login_sources_left_out_total 3\n", metrics, StringComparison.Ordinal);
    }

    [LevadaFact]
    public async Task Metrics_have_them_by_source()
    {
        await using var api = await OperatorApi.StartAsync(static options => options.TrackLoginSources = true);
        TryAmqp(api, "a \"quoted\" name", "guess");
        const string sample = "auth_attempts_detailed_failed_total{protocol=\"amqp091\","
            + "remote_address=\"127.0.0.1\",username=\"a \\\"quoted\\\" name\"} 1";
        Assert.Contains(
            $"\nrabbitmq_{sample}\n", (await api.AskAsync(HttpMethod.Get, "/metrics/per-object")).Body,
            StringComparison.Ordinal);
        Assert.Contains(
            $"\nrabbitmq_detailed_{sample}\n",
            (await api.AskAsync(HttpMethod.Get, "/metrics/detailed?family=auth_attempt_detailed_metrics")).Body,
            StringComparison.Ordinal);
        Assert.Contains(
            "\nrabbitmq_auth_attempts_failed_total{protocol=\"amqp091\"} 1\n",
            (await api.AskAsync(HttpMethod.Get, "/metrics")).Body, StringComparison.Ordinal);
    }

    [LevadaFact]
    public async Task Who_monitors_sees_and_resets_them_and_nobody_else()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/users/watch", """{"password":"watch","tags":"monitoring"}""");
        await api.CreateAsync("/api/users/make", """{"password":"make","tags":"policymaker"}""");
        api.User = "watch";
        await api.DoAsync(HttpMethod.Delete, Path(api));
        await api.DoAsync(HttpMethod.Delete, $"{Path(api)}/source");
        Assert.Equal(HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Delete, "/api/reset"));
        api.User = "make";
        foreach (var path in (string[])[Path(api), $"{Path(api)}/source"])
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Get, path));
            Assert.Equal(HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Delete, path));
        }
    }

    private static string Path(OperatorApi api) => $"/api/auth/attempts/{api.Broker.Broker.NodeName}";

    // A request counts itself before it is answered, which is taken off.
    private static async Task<IEnumerable<string>> SourcesAsync(OperatorApi api, int own = 1)
    {
        var rows = await api.ListAsync($"{Path(api)}/source");
        return rows.Select(row =>
            {
                var isHttp = row.GetProperty("protocol").GetString() == "http";
                return (Row: row, All: row.GetProperty("auth_attempts").GetInt32() - (isHttp ? own : 0));
            })
            .Where(static one => one.All > 0)
            .Select(static one => $"{Text(one.Row, "remote_address")} {Text(one.Row, "username")} "
                + $"{Text(one.Row, "protocol")} {one.All} {Text(one.Row, "auth_attempts_failed")}")
            .Order(StringComparer.Ordinal);

        static string Text(JsonElement row, string name) => row.GetProperty(name).ToString();
    }

    private static void TryAmqp(OperatorApi api, string user, string password)
    {
        using var connection = RawConnection.Connect(api.Broker);
        connection.SendStartOk(new Login(user, password));
        connection.Expect<ConnectionClose>(0);
    }
}
