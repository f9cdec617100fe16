using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Lists over HTTP: paged, sorted, searched, filtered, cut to columns, whatever they are of.</summary>
public sealed class ListApiTests
{
    [Fact]
    public async Task A_page_has_RabbitMQs_envelope()
    {
        await using var api = await WithQueuesAsync("a1", "a2", "b1", "b2", "b3");
        var page = await api.GetAsync("/api/queues?page=2&page_size=2");
        Assert.Equal(["b1", "b2"], Names(page));
        Assert.Equal((5, 2, 2, 3, 2, 5), Counts(page));
        Assert.Equal((3, 3, 1, 1, 100, 5), Counts(await api.GetAsync("/api/queues?page=1&name=B")));
        Assert.Equal((0, 0, 1, 0, 100, 5), Counts(await api.GetAsync("/api/queues?page=1&name=zz")));
        Assert.Equal((5, 5, 1, 1, 500, 5), Counts(await api.GetAsync("/api/queues/%2F?pagination=true&page_size=500")));
    }

    [Theory]
    [InlineData("page=0", "Invalid pagination parameters: page number 0, page size undefined")]
    [InlineData("page=-1", "Invalid pagination parameters: page number -1, page size undefined")]
    [InlineData("page=1&page_size=501", "Invalid pagination parameters: page number 1, page size 501")]
    [InlineData("page=1&page_size=0", "Invalid pagination parameters: page number 1, page size 0")]
    [InlineData("page=x", "Pagination parameters are invalid")]
    [InlineData("page=1&page_size=", "Pagination parameters are invalid")]
    [InlineData("page=1&name=(&use_regex=true", "Pagination parameters are invalid")]
    [InlineData("page=9", "Page out of range, page: 9 page size: 100, len: 1")]
    [InlineData("page=2147483647&page_size=500", "Page out of range, page: 2147483647 page size: 500, len: 1")]
    [InlineData("page=2&name=zz", "Page out of range, page: 2 page size: 100, len: 0")]
    [InlineData("filter.messages=%3Emany", "filter.messages: 'many' is no number")]
    public async Task What_cannot_be_understood_is_refused_as_RabbitMQ_does(string query, string reason)
    {
        await using var api = await WithQueuesAsync("one");
        Assert.Equal(
            reason, await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Get, "/api/queues?" + query));
    }

    [Fact]
    public async Task Queues_are_sorted_by_any_field_and_filtered_by_any()
    {
        await using var api = await WithQueuesAsync("a", "b", "c");
        using var client = RawConnection.OpenWithChannel(api.Broker);
        client.SelectConfirms(1);
        var tag = 0ul;
        foreach (var name in (string[])["b", "c", "c"])
        {
            client.Publish(1, "", name, "12345");
            Assert.Equal(++tag, client.Expect<BasicAck>(1).DeliveryTag);
        }
        Assert.Equal(["a", "b", "c"], Names(await api.GetAsync("/api/queues?sort=message_stats.publish")));
        Assert.Equal(["c", "b"], Names(await api.GetAsync(
            "/api/queues?sort=messages&sort_reverse=true&page=1&page_size=2")));
        // Of the JSON, since no list has a table of this one.
        Assert.Equal(["c", "b", "a"], Names(await api.GetAsync(
            "/api/queues?sort=name&sort_reverse=true&filter.node=~levada")));
        Assert.Equal(["c"], Names(await api.GetAsync("/api/queues?filter.messages=%3E1")));
        Assert.Equal(["a", "b"], Names(await api.GetAsync("/api/queues?filter.messages=%3C2.0")));
        Assert.Equal(["a", "c"], Names(await api.GetAsync("/api/queues?filter.messages=!1&filter.state=running")));
        Assert.Equal(["b"], Names(await api.GetAsync("/api/queues?filter.messages=1&filter.vhost==%2F")));
        Assert.Equal(["a", "c"], Names(await api.GetAsync("/api/queues?name=^[ac]$&use_regex=true")));
        Assert.Equal(["a", "b", "c"], Names(await api.GetAsync("/api/queues?sort=nonsense")));
    }

    [Fact]
    public async Task Columns_are_those_that_are_named()
    {
        await using var api = await WithQueuesAsync("a");
        Assert.Equal(
            """[{"name":"a","messages":0}]""",
            (await api.GetAsync("/api/queues?columns=messages,name,nonsense,name.first")).GetRawText());
        Assert.Equal(
            """[{"name":"a","message_stats":{"publish":0}}]""",
            (await api.GetAsync("/api/queues?columns=name,message_stats.publish")).GetRawText());
        Assert.Equal("""{"name":"a"}""", (await api.GetAsync("/api/queues/%2F/a?columns=name")).GetRawText());
        Assert.Equal(
            """{"object_totals":{"queues":1}}""",
            (await api.GetAsync("/api/overview?columns=object_totals.queues")).GetRawText());
        var basic = Assert.Single(await api.ListAsync("/api/queues?disable_stats=true"));
        Assert.False(basic.TryGetProperty("messages", out _));
        Assert.True(basic.TryGetProperty("durable", out _));
        basic = Assert.Single(await api.ListAsync("/api/queues?disable_stats=true&enable_queue_totals=true"));
        Assert.Equal(0, basic.GetProperty("messages").GetInt32());
        Assert.False(basic.TryGetProperty("message_stats", out _));
    }

    [Fact]
    public async Task Connections_and_channels_are_found_sorted_and_filtered()
    {
        await using var api = await OperatorApi.StartAsync();
        using var first = RawConnection.OpenWithChannel(api.Broker);
        using var second = RawConnection.OpenWithChannel(api.Broker);
        second.OpenChannel(2);
        second.OpenChannel(9);
        second.SelectConfirms(9);
        Assert.Equal([1, 1, 2, 9], Numbers(await api.GetAsync("/api/channels")));
        Assert.Equal([9, 2], Numbers(await api.GetAsync(
            "/api/channels?page=1&page_size=2&sort=number&sort_reverse=true")));
        Assert.Equal([9], Numbers(await api.GetAsync("/api/channels?filter.confirm=true&filter.user=guest")));
        Assert.Equal(
            [1, 2, 9], Numbers(await api.GetAsync($"/api/channels?filter.connection_details.name={Escape(second)}")));
        Assert.Equal([1, 2, 9], Numbers(await api.GetAsync($"/api/connections/{Escape(second)}/channels")));
        Assert.Equal([2], Numbers(await api.GetAsync("/api/channels?name=(2)")));
        Assert.Equal(
            [second.Name, first.Name], Names(await api.GetAsync("/api/connections?sort=channels&sort_reverse=true")));
        Assert.Equal(
            [second.Name], Names(await api.GetAsync("/api/connections?filter.channels=3&filter.state=running")));
        Assert.Equal(
            ["connection_details", "name", "node", "number", "user", "vhost"],
            (await api.ListAsync("/api/channels?disable_stats=true"))[0].EnumerateObject()
                .Select(static field => field.Name).Order());
        string[] fields = ["message_stats.publish_details.rate", "recv_oct_details.rate", "held_bytes.total"];
        foreach (var sort in fields)
            Assert.Equal(4, Counts(await api.GetAsync($"/api/channels?page=1&sort={sort}")).Filtered);
    }

    [Theory]
    [InlineData("users", "name")]
    [InlineData("vhosts", "name")]
    [InlineData("permissions", "user")]
    [InlineData("topic-permissions", "user")]
    [InlineData("exchanges", "name")]
    [InlineData("bindings", "source")]
    [InlineData("consumers", "consumer_tag")]
    [InlineData("policies", "name")]
    [InlineData("operator-policies", "name")]
    [InlineData("parameters", "name")]
    [InlineData("global-parameters", "name")]
    [InlineData("vhost-limits", "vhost")]
    [InlineData("user-limits", "user")]
    [InlineData("connections/closed", "name")]
    [InlineData("channels/closed", "name")]
    [InlineData("audit", "target")]
    [InlineData("warnings", "name")]
    [InlineData("churn", "name")]
    public async Task Every_list_comes_in_pages(string list, string field)
    {
        await using var api = await WithQueuesAsync("a", "b");
        await api.CreateAsync("/api/users/other", """{"password":"other","tags":""}""");
        using var client = RawConnection.OpenWithChannel(api.Broker);
        client.Consume(1, "a");
        client.Bind(1, "a", "amq.direct", "k");
        client.OpenChannel(2);
        client.Send(2, new ChannelClose(200, "", 0, 0));
        client.Expect<ChannelCloseOk>(2);
        using (RawConnection.OpenWithChannel(api.Broker))
        {
        }
        // What is closed is remembered when all is given back, which the client does not see.
        await api.Broker.UntilAsync(_ => api.Broker.Broker.Closed.Connections().Count > 0);
        var whole = await api.ListAsync($"/api/{list}?sort={field}&columns={field}");
        var page = await api.GetAsync($"/api/{list}?page=1&page_size=1&sort={field}&columns={field}");
        Assert.Equal(
            whole.Take(1).Select(static one => one.GetRawText()),
            page.GetProperty("items").EnumerateArray().Select(static one => one.GetRawText()));
        Assert.Equal((whole.Length, whole.Length), (Counts(page).Total, Counts(page).Pages));
    }

    private static async Task<OperatorApi> WithQueuesAsync(params string[] names)
    {
        var api = await OperatorApi.StartAsync();
        foreach (var name in names)
            await api.CreateAsync($"/api/queues/%2F/{name}", """{"durable":true}""");
        return api;
    }

    private static string Escape(RawConnection connection) => Uri.EscapeDataString(connection.Name);

    private static JsonElement[] Items(JsonElement list) =>
        [.. (list.ValueKind == JsonValueKind.Array ? list : list.GetProperty("items")).EnumerateArray()];

    private static IEnumerable<string?> Names(JsonElement list) =>
        Items(list).Select(static one => one.GetProperty("name").GetString());

    private static IEnumerable<int> Numbers(JsonElement list) =>
        Items(list).Select(static one => one.GetProperty("number").GetInt32());

    private static (int Filtered, int Items, int Page, int Pages, int Size, int Total) Counts(JsonElement page) => (
        page.GetProperty("filtered_count").GetInt32(), page.GetProperty("item_count").GetInt32(),
        page.GetProperty("page").GetInt32(), page.GetProperty("page_count").GetInt32(),
        page.GetProperty("page_size").GetInt32(), page.GetProperty("total_count").GetInt32());
}
