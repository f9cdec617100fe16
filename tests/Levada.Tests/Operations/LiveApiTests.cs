using System.Globalization;
using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Answers that go on: any GET as server-sent events, and what happens; and the grouped summary.</summary>
public sealed class LiveApiTests
{
    [Fact]
    public async Task A_list_is_sent_again_whenever_it_has_changed()
    {
        await using var api = await OperatorApi.StartAsync();
        using var live = await api.FollowAsync("/api/queues/%2F?interval=250");
        var first = await live.NextAsync();
        Assert.Equal("", first?.Name);
        Assert.Empty(first!.Value.Data.EnumerateArray());
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewSharedQueue(1);
        await live.UntilAsync((_, all) => Names(all).SequenceEqual([queue]));
        client.Delete(1, queue);
        await live.UntilAsync(static (_, all) => !Names(all).Any());
        Assert.Equal(1, api.Broker.Broker.HttpStreams.Count);
    }

    /// <summary>No machine writes megabytes in a millisecond, after which it would look again in time.</summary>
    [Fact]
    public async Task Who_asks_for_much_is_told_when_the_broker_looks_again()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        for (var i = 0; i < 1500; i++)
            client.NewSharedQueue(1);
        using var live = await api.FollowAsync("/api/queues?interval=250");
        await live.NextAsync();
        var rest = await live.UntilCommentAsync("next look in ");
        Assert.EndsWith(" ms", rest, StringComparison.Ordinal);
        Assert.True(int.Parse(rest[..^3], CultureInfo.InvariantCulture) > 250, rest);
    }

    [Fact]
    public async Task What_is_followed_ends_when_it_is_gone_and_what_is_not_there_is_404_at_once()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var path = OperatorApi.PathOf(client, 1);
        using var live = await api.FollowAsync(path + "?interval=250");
        var (_, channel) = (await live.NextAsync())!.Value;
        Assert.Equal(1, channel.GetProperty("number").GetInt32());
        client.CloseChannel(1);
        var end = await live.UntilAsync(static (name, _) => name == "end");
        Assert.Equal("Object Not Found", end.GetProperty("error").GetString());
        Assert.Null(await live.NextAsync());
        using var gone = await api.OpenStreamAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal("application/json", gone.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_user_who_is_deleted_hears_no_more()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/users/watcher", """{"password":"watcher","tags":"monitoring"}""");
        api.User = "watcher";
        using var live = await api.FollowAsync("/api/queues?interval=250");
        await live.NextAsync();
        using var events = await api.FollowAsync("/api/events?key=queue");
        api.User = "guest";
        await api.DoAsync(HttpMethod.Delete, "/api/users/watcher");
        await live.UntilAsync(static (name, _) => name == "end");
        // The next event finds that nobody may hear it.
        using var client = RawConnection.OpenWithChannel(api.Broker);
        client.NewSharedQueue(1);
        while (await events.NextAsync() is not null)
            client.NewSharedQueue(1);
    }

    [Fact]
    public async Task No_more_streams_than_the_limit_and_a_wrong_interval_is_refused()
    {
        await using var api = await OperatorApi.StartAsync(static o => o.HttpStreamsMax = 2);
        using var wrong = await api.OpenStreamAsync("/api/queues?interval=1");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using var one = await api.FollowAsync("/api/overview");
        using (await api.FollowAsync("/api/events"))
        {
            foreach (var path in (string[])["/api/queues", "/api/events"])
            {
                using var refused = await api.OpenStreamAsync(path);
                Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            }
            Assert.Contains("levada_limit_refused_total{key=\"http_streams_max\"} 2", await api.MetricsAsync(),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Events_of_what_comes_and_goes_are_heard_without_the_event_exchange()
    {
        await using var api = await OperatorApi.StartAsync();
        using var all = await api.FollowAsync("/api/events");
        using var some = await api.FollowAsync("/api/events?key=channel.closed&key=queue");
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewSharedQueue(1);
        client.CloseChannel(1);
        var opened = await all.UntilAsync(static (name, _) => name == "connection.created");
        Assert.Equal(client.Name, opened.GetProperty("name").GetString());
        var created = await all.UntilAsync(static (name, _) => name == "queue.created");
        Assert.Equal((queue, "/", "guest"),
            (Text(created, "name"), Text(created, "vhost"), Text(created, "user_who_performed_action")));
        Assert.True(created.GetProperty("timestamp_in_ms").GetInt64() > 0);
        Assert.Equal(("queue.created", "channel.closed"),
            ((await some.NextAsync())!.Value.Name, (await some.NextAsync())!.Value.Name));
    }

    [Fact]
    public async Task Events_are_for_monitoring_and_those_of_users_for_administrators()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/users/watcher", """{"password":"watcher","tags":"monitoring"}""");
        await api.CreateAsync("/api/users/app", """{"password":"app","tags":"management"}""");
        api.User = "app";
        using (var refused = await api.OpenStreamAsync("/api/events"))
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        api.User = "watcher";
        using var watched = await api.FollowAsync("/api/events");
        api.User = "guest";
        using var administrator = await api.FollowAsync("/api/events");
        await api.CreateAsync("/api/users/new", """{"password":"new","tags":""}""");
        await api.CreateAsync("/api/vhosts/new", "{}");
        Assert.Equal("user.created", (await administrator.NextAsync())!.Value.Name);
        Assert.Equal("vhost.created", (await watched.NextAsync())!.Value.Name);
    }

    [Fact]
    public async Task A_summary_counts_connections_and_channels_by_what_they_have_in_common()
    {
        await using var api = await OperatorApi.StartAsync();
        using var one = Open(api, "web", "php", channels: 3);
        using var other = Open(api, "web", "php", channels: 2);
        using var worker = Open(api, "worker", "java", channels: 1);
        worker.Publish(1, "", "nowhere", "x");
        worker.Qos(1, 0);
        var byName = await api.ListAsync("/api/connections/summary?group_by=connection_name,product");
        Assert.Equal([("web", "php", 2, 5, 3), ("worker", "java", 1, 1, 1)], byName.Select(static g => (
            Text(g, "connection_name"), Text(g, "product"), Number(g, "connections"), Number(g, "channels"),
            Number(g, "channels_most"))));
        Assert.Equal(2, byName[0].GetProperty("states").GetProperty("running").GetInt32());
        Assert.Equal(1, Number(byName[1], "publish"));
        Assert.False(byName[0].TryGetProperty("user", out _));
        var byUser = Assert.Single(await api.ListAsync("/api/connections/summary"));
        // Even one at rest has a reader, a writer and its channels.
        Assert.InRange(Number(byUser, "memory"), 3_000, 3_000_000);
        Assert.Single(await api.ListAsync("/api/connections/summary?vhost=%2F"));
        Assert.Empty(await api.ListAsync("/api/connections/summary?vhost=other"));
        Assert.Equal(
            ("guest", 3, 6), (Text(byUser, "user"), Number(byUser, "connections"), Number(byUser, "channels")));
        Assert.Contains(
            "group_by does not know 'colour'",
            await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Get, "/api/connections/summary?group_by=colour"),
            StringComparison.Ordinal);
    }

    private static RawConnection Open(OperatorApi api, string name, string product, ushort channels)
    {
        var connection = RawConnection.Open(api.Broker, new Login
        {
            ClientProperties = Login.Properties("basic.nack").Add("connection_name", name).Add("product", product),
        });
        for (ushort n = 1; n <= channels; n++) connection.OpenChannel(n);
        return connection;
    }

    private static IEnumerable<string?> Names(JsonElement all) =>
        all.EnumerateArray().Select(static q => Text(q, "name"));

    private static string? Text(JsonElement json, string key) => json.GetProperty(key).GetString();

    private static int Number(JsonElement json, string key) => json.GetProperty(key).GetInt32();
}
