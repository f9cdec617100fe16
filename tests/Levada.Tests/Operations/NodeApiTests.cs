using System.Net;
using System.Text.Json;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>The node, its health checks, its name, and what HTTP asks of every path.</summary>
public sealed class NodeApiTests
{
    [Fact]
    public async Task The_node_tells_what_it_is_and_takes()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var node = Assert.Single(await api.ListAsync("/api/nodes"));
        var name = node.GetProperty("name").GetString()!;
        Assert.Equal(name, (await api.GetAsync($"/api/nodes/{name}")).GetProperty("name").GetString());
        Assert.Equal(name, (await api.GetAsync("/api/overview")).GetProperty("node").GetString());
        Assert.True(node.GetProperty("running").GetBoolean());
        Assert.Equal($"{Environment.ProcessId}", node.GetProperty("os_pid").GetString());
        Assert.Equal(1, node.GetProperty("sockets_used").GetInt32());
        foreach (var key in (string[])["mem_used", "disk_free", "proc_used", "processors", "uptime", "disk_total"])
            Assert.True(node.GetProperty(key).GetInt64() > 0, key);
        Assert.Equal(1, node.GetProperty("connection_created").GetInt32());
        Assert.Equal(JsonValueKind.Number, node.GetProperty("mem_used_details").GetProperty("rate").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, "/api/nodes/another"));
        Assert.True((await api.GetAsync("/api/nodes/gc_stats")).GetProperty("heap_size").GetInt64() > 0);
    }

    [Fact]
    public async Task The_node_tells_whether_its_listeners_are_suspended()
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.False(await IsSuspendedAsync());
        await api.DoAsync(HttpMethod.Put, "/api/listeners/suspend");
        Assert.True(await IsSuspendedAsync());
        await api.DoAsync(HttpMethod.Put, "/api/listeners/resume");
        Assert.False(await IsSuspendedAsync());

        async Task<bool> IsSuspendedAsync() =>
            Assert.Single(await api.ListAsync("/api/nodes")).GetProperty("listeners_suspended").GetBoolean();
    }

    [Fact]
    public async Task The_clusters_name_is_told_to_clients()
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.StartsWith("levada@", NameIn(await api.GetAsync("/api/cluster-name")), StringComparison.Ordinal);
        await api.DoAsync(HttpMethod.Put, "/api/cluster-name", """{"name":"north"}""");
        Assert.Equal("north", NameIn(await api.GetAsync("/api/cluster-name")));
        Assert.Equal("north", (await api.GetAsync("/api/overview")).GetProperty("cluster_name").GetString());
        await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "/api/cluster-name", "{}");
        await api.RestartAsync();
        Assert.Equal("north", NameIn(await api.GetAsync("/api/cluster-name")));

        static string NameIn(JsonElement json) => json.GetProperty("name").GetString()!;
    }

    [Theory]
    [InlineData("alarms")]
    [InlineData("local-alarms")]
    [InlineData("virtual-hosts")]
    [InlineData("node-is-quorum-critical")]
    [InlineData("node-is-mirror-sync-critical")]
    [InlineData("is-in-service")]
    [InlineData("ready-to-serve-clients")]
    [InlineData("below-node-connection-limit")]
    [InlineData("reached-target-cluster-size")]
    [InlineData("metadata-store/initialized")]
    [InlineData("quorum-queues-without-elected-leaders/all-vhosts")]
    [InlineData("certificate-expiration/2/weeks")]
    [InlineData("protocol-listener/amqp091")]
    [InlineData("protocol-listener/stomp,http")]
    public async Task A_node_that_is_well_passes(string check)
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Equal("ok", (await api.GetAsync($"/api/health/checks/{check}")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_check_that_fails_is_503_and_says_what_is_wrong()
    {
        await using var api = await OperatorApi.StartAsync(static options => options.ConnectionMax = 1);
        const string checks = "/api/health/checks";
        Assert.Equal(
            "No active listener", await RefusedAsync(HttpStatusCode.ServiceUnavailable, "port-listener/1"));
        Assert.Equal("Invalid port", await RefusedAsync(HttpStatusCode.BadRequest, "port-listener/amqp"));
        Assert.Equal(
            api.Broker.Port,
            (await api.GetAsync($"{checks}/port-listener/{api.Broker.Port}")).GetProperty("port").GetInt32());
        var (_, answer) = await api.AskAsync(HttpMethod.Get, $"{checks}/protocol-listener/stomp");
        Assert.Equal("stomp", JsonDocument.Parse(answer).RootElement.GetProperty("missing").GetString());
        await RefusedAsync(HttpStatusCode.ServiceUnavailable, "protocol-listener/stomp,mqtt");
        await RefusedAsync(HttpStatusCode.BadRequest, "certificate-expiration/1/decades");

        using (RawConnection.OpenWithChannel(api.Broker))
        {
            Assert.Equal(
                "1 connections are open, the limit is 1",
                await RefusedAsync(HttpStatusCode.ServiceUnavailable, "below-node-connection-limit"));
        }
        await api.DoAsync(HttpMethod.Post, "/api/drain?timeout=1");
        await RefusedAsync(HttpStatusCode.ServiceUnavailable, "ready-to-serve-clients");

        Task<string> RefusedAsync(HttpStatusCode status, string check) =>
            api.RefusedAsync(status, HttpMethod.Get, $"{checks}/{check}");
    }

    [Fact]
    public async Task A_path_tells_its_methods()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/queues/%2F/q", """{"durable":true}""");
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "GET, HEAD, OPTIONS"),
            await api.MethodsAsync(HttpMethod.Delete, "/api/overview"));
        Assert.Equal(
            (HttpStatusCode.MethodNotAllowed, "OPTIONS, POST"),
            await api.MethodsAsync(HttpMethod.Get, "/api/queues/%2F/q/get"));
        Assert.Equal(
            (HttpStatusCode.OK, "DELETE, GET, HEAD, OPTIONS, PUT"),
            await api.MethodsAsync(HttpMethod.Options, "/api/queues/%2F/q"));
        Assert.Equal((HttpStatusCode.OK, ""), await api.AskAsync(HttpMethod.Head, "/api/overview"));
        Assert.Equal((HttpStatusCode.NotFound, ""), await api.AskAsync(HttpMethod.Head, "/api/queues/%2F/nothing"));
        Assert.Equal(HttpStatusCode.NotFound, (await api.AskAsync(HttpMethod.Get, "/nothing")).Status);
    }

    [Theory]
    [InlineData("extensions")]
    [InlineData("shovels")]
    [InlineData("shovels/%2F")]
    [InlineData("federation-links")]
    [InlineData("federation-links/%2F")]
    [InlineData("deprecated-features")]
    [InlineData("deprecated-features/used")]
    public async Task What_there_is_none_of_is_an_empty_list(string path)
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Empty(await api.ListAsync($"/api/{path}"));
    }

    [Fact]
    public async Task Logins_are_counted_by_protocol_until_they_are_reset()
    {
        await using var api = await OperatorApi.StartAsync();
        var path = $"/api/auth/attempts/{api.Broker.Broker.NodeName}";
        await api.AskAsync(HttpMethod.Get, "/api/whoami", password: "wrong");
        using var client = RawConnection.OpenWithChannel(api.Broker);
        Assert.Equal([("amqp091", 1, 0), ("http", 2, 1)], await AttemptsAsync());
        await api.DoAsync(HttpMethod.Delete, path);
        Assert.Equal([("amqp091", 0, 0), ("http", 1, 0)], await AttemptsAsync());
        await api.DoAsync(HttpMethod.Delete, "/api/reset");
        await api.DoAsync(HttpMethod.Delete, $"/api/reset/{api.Broker.Broker.NodeName}");
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Delete, "/api/reset/another"));

        async Task<IEnumerable<(string?, int, int)>> AttemptsAsync() => (await api.ListAsync(path))
            .Select(static one => (
                one.GetProperty("protocol").GetString(), one.GetProperty("auth_attempts").GetInt32(),
                one.GetProperty("auth_attempts_failed").GetInt32()))
            .OrderBy(static one => one.Item1);
    }

    [Fact]
    public async Task What_others_do_for_clusters_and_mirrors_is_done_at_once()
    {
        await using var api = await OperatorApi.StartAsync();
        var node = api.Broker.Broker.NodeName;
        await api.CreateAsync("/api/queues/%2F/q", """{"durable":true}""");
        await api.DoAsync(HttpMethod.Post, "/api/rebalance/queues", "{}");
        await api.DoAsync(HttpMethod.Post, "/api/queues/%2F/q/actions", """{"action":"sync"}""");
        await api.DoAsync(HttpMethod.Put, "/api/queues/%2F/q/restart");
        await api.DoAsync(HttpMethod.Post, $"/api/vhosts/%2F/start/{node}");
        await api.DoAsync(HttpMethod.Put, "/api/feature-flags/quorum_queue/enable", "{}");
        await api.DoAsync(HttpMethod.Post, "/api/login");
        await api.RefusedAsync(
            HttpStatusCode.BadRequest, HttpMethod.Post, "/api/queues/%2F/q/actions", """{"action":"dance"}""");
        await api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/queues/%2F/none/actions", "{}");
        await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/vhosts/%2F/start/another");
        await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "/api/feature-flags/no/enable", "{}");
        Assert.All(
            await api.ListAsync("/api/feature-flags"),
            static flag => Assert.Equal("enabled", flag.GetProperty("state").GetString()));
        Assert.Equal("Levada", (await api.GetAsync("/api/version")).GetProperty("product_name").GetString());
        Assert.False((await api.GetAsync("/api/auth")).GetProperty("oauth_enabled").GetBoolean());
        var (status, hash) = await api.AskAsync(HttpMethod.Put, "/api/auth/hash_password", """{"password":"p"}""");
        Assert.True(status == HttpStatusCode.OK && JsonDocument.Parse(hash).RootElement.EnumerateObject().Any(), hash);
    }

    [Fact]
    public async Task Connections_and_queues_of_a_user()
    {
        await using var api = await OperatorApi.StartAsync();
        using var client = RawConnection.OpenWithChannel(api.Broker);
        var queue = client.NewQueue(1);
        Assert.Equal(
            client.Name,
            Assert.Single(await api.ListAsync("/api/connections/username/guest")).GetProperty("name").GetString());
        Assert.Empty(await api.ListAsync("/api/connections/username/nobody"));
        var own = Assert.Single(await api.ListAsync("/api/users/guest/queues"));
        Assert.Equal(queue, own.GetProperty("name").GetString());
        Assert.Equal(client.Name, own.GetProperty("owner_pid_details").GetProperty("name").GetString());
    }

    [Fact]
    public async Task Who_is_no_management_user_is_told_so()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/users/plain", """{"password":"plain","tags":""}""");
        await api.CreateAsync("/api/users/manager", """{"password":"manager","tags":"management"}""");
        api.User = "plain";
        string[] paths = ["overview", "queues", "vhosts", "nodes", "users", "cluster-name"];
        foreach (var path in paths)
        {
            Assert.Equal(
                "Not management user",
                await api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, $"/api/{path}"));
        }
        api.User = "manager";
        Assert.Equal(
            "Not monitor user", await api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/nodes"));
        Assert.Equal(
            "Not administrator user",
            await api.RefusedAsync(
                HttpStatusCode.Unauthorized, HttpMethod.Put, "/api/cluster-name", """{"name":"x"}"""));
    }
}
