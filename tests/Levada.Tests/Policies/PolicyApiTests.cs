using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>Policies, limits and parameters over HTTP, with RabbitMQ's paths, shapes and texts.</summary>
public sealed class PolicyApiTests
{
    private const string Policy = """{"pattern": "^a", "definition": {"max-length": 2}, "priority": 3}""";

    [Theory]
    [InlineData("/api/policies")]
    [InlineData("/api/operator-policies")]
    public async Task A_policy_is_set_shown_changed_and_deleted(string path)
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync(path + "/%2F/p%2F1", Policy);
        await api.DoAsync(HttpMethod.Put, path + "/%2F/p%2F1", Policy.Replace("3", "4", StringComparison.Ordinal));
        const string shown = """
            {"vhost":"/","name":"p/1","pattern":"^a","apply-to":"all","definition":{"max-length":2},"priority":4}
            """;
        foreach (var shorter in (string[])["", "/%2F"])
            AssertJson($"[{shown}]", await api.GetAsync(path + shorter));
        AssertJson(shown, await api.GetAsync(path + "/%2F/p%2F1"));
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        connection.DeclareQueue(1, "a");
        foreach (var body in (string[])["1", "2", "3"])
            connection.Publish(1, "", "a", body);
        Assert.Equal("2 3", connection.Drain(1, "a"));
        await api.DoAsync(HttpMethod.Delete, path + "/%2F/p%2F1");
        AssertJson("[]", await api.GetAsync(path));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(method, path + "/%2F/p%2F1"));
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Put, path + "/nowhere/p", Policy));
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, path + "/nowhere"));
        Assert.Equal(("delete_policy", "done", ""), await api.LastAuditAsync());
    }

    [Fact]
    public async Task Queues_and_exchanges_show_what_counts_for_them()
    {
        await using var api = await OperatorApi.StartAsync();
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        connection.DeclareQueue(1, "a", durable: true, arguments: new FieldTable().Add("x-queue-type", "quorum"));
        connection.DeclareExchange(1, "ax");
        connection.Publish(1, "", "a", "four");
        connection.Count(1, "a");
        await api.CreateAsync(
            "/api/policies/%2F/p", """{"pattern":"^a","definition":{"max-length":9,"expires":60000}}""");
        await api.CreateAsync("/api/operator-policies/%2F/o", """{"pattern":"^a","definition":{"max-length":4}}""");
        var queue = await api.GetAsync("/api/queues/%2F/a");
        AssertJson("\"p\"", queue.GetProperty("policy"));
        AssertJson("\"o\"", queue.GetProperty("operator_policy"));
        AssertJson("""{"max-length":4,"expires":60000}""", queue.GetProperty("effective_policy_definition"));
        AssertJson("""{"x-queue-type":"quorum"}""", queue.GetProperty("arguments"));
        AssertJson("\"quorum\"", queue.GetProperty("type"));
        AssertJson("4", queue.GetProperty("message_bytes_ready"));
        Assert.Single(await api.ListAsync("/api/queues"));
        Assert.Single(await api.ListAsync("/api/queues/%2F"));
        Assert.Equal(HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, "/api/queues/%2F/b"));
        AssertJson("\"p\"", (await api.GetAsync("/api/exchanges/%2F/ax")).GetProperty("policy"));
        await api.DoAsync(HttpMethod.Delete, "/api/policies/%2F/p");
        await api.DoAsync(HttpMethod.Delete, "/api/operator-policies/%2F/o");
        queue = await api.GetAsync("/api/queues/%2F/a");
        AssertJson("null", queue.GetProperty("policy"));
        AssertJson("{}", queue.GetProperty("effective_policy_definition"));
    }

    [Theory]
    [InlineData("{", "not_json")]
    [InlineData("{}", "[{key_missing,pattern},{key_missing,definition}]")]
    [InlineData(
        """{"pattern": ".", "definition": {"foo": 5}}""",
        "Validation failed\n\n[{<<\"foo\">>,5}] are not recognised policy settings\n")]
    [InlineData(
        """{"pattern": ".", "definition": {"max-length": -1}}""",
        "Validation failed\n\n-1 is not a valid maximum length\n")]
    public async Task What_makes_no_sense_is_400_and_changes_nothing(string body, string reason)
    {
        await using var api = await OperatorApi.StartAsync();
        Assert.Equal(
            reason, await api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "/api/policies/%2F/p", body));
        AssertJson("[]", await api.GetAsync("/api/policies"));
    }

    [Fact]
    public async Task Limits_of_a_virtual_host_count_at_once()
    {
        await using var api = await OperatorApi.StartAsync();
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        connection.DeclareQueue(1, "a");
        AssertJson("[]", await api.GetAsync("/api/vhost-limits"));
        await api.DoAsync(HttpMethod.Put, "/api/vhost-limits/%2F/max-queues", """{"value": 1}""");
        await api.DoAsync(HttpMethod.Put, "/api/vhost-limits/%2F/max-connections", """{"value": -1}""");
        AssertJson("""[{"vhost":"/","value":{"max-queues":1}}]""", await api.GetAsync("/api/vhost-limits/%2F"));
        connection.Send(1, new QueueDeclare("b"));
        connection.ExpectChannelError(
            1, 406, "cannot declare queue 'b': queue limit in vhost '/' (1) is reached",
            MethodId.QueueDeclare);
        await api.DoAsync(HttpMethod.Delete, "/api/vhost-limits/%2F/max-queues");
        connection.DeclareQueue(1, "b");
        await api.DoAsync(HttpMethod.Put, "/api/vhost-limits/%2F/max-connections", """{"value": 1}""");
        using var second = RawConnection.Connect(api.Broker);
        second.Handshake(new Login());
        second.Send(0, new ConnectionOpen("/"));
        second.ExpectConnectionError(
            530, "NOT_ALLOWED - access to vhost '/' refused for user 'guest': connection limit (1) is reached",
            MethodId.ConnectionOpen);
        Assert.Equal(
            "Unrecognised terms [{<<\"nope\">>,5}] in limits", await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Put, "/api/vhost-limits/%2F/nope", """{"value": 5}"""));
        Assert.Equal(
            "max-queues should be a number, actually was <<\"x\">>", await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Put, "/api/vhost-limits/%2F/max-queues", """{"value": "x"}"""));
        Assert.Equal(
            "[{key_missing,value}]", await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Put, "/api/vhost-limits/%2F/max-queues", "{}"));
    }

    [Fact]
    public async Task Limits_of_a_user_count_at_once()
    {
        await using var api = await OperatorApi.StartAsync();
        using var connection = RawConnection.OpenWithChannel(api.Broker);
        await api.DoAsync(HttpMethod.Put, "/api/user-limits/guest/max-channels", """{"value": 1}""");
        await api.DoAsync(HttpMethod.Put, "/api/user-limits/guest/max-connections", """{"value": 7}""");
        const string shown = """[{"user":"guest","value":{"max-connections":7,"max-channels":1}}]""";
        AssertJson(shown, await api.GetAsync("/api/user-limits"));
        AssertJson(shown, await api.GetAsync("/api/user-limits/guest"));
        connection.Send(2, new ChannelOpen());
        connection.ExpectConnectionError(
            530,
            "NOT_ALLOWED - number of channels opened for user 'guest' has reached the maximum allowed user limit of 1",
            MethodId.ChannelOpen);
        await api.DoAsync(HttpMethod.Delete, "/api/user-limits/guest/max-channels");
        AssertJson(
            """[{"user":"guest","value":{"max-connections":7}}]""", await api.GetAsync("/api/user-limits/guest"));
        Assert.Equal(
            "there is no user 'nobody'",
            await api.RefusedAsync(
                HttpStatusCode.NotFound, HttpMethod.Put, "/api/user-limits/nobody/max-channels",
                """{"value": 1}"""));
        Assert.Equal(
            "Unrecognised terms [{<<\"nope\">>,5}] in user-limits", await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Put, "/api/user-limits/guest/nope", """{"value": 5}"""));
    }

    [Fact]
    public async Task Parameters_are_kept_as_they_came()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/parameters/shovel/%2F/s", """{"value": {"a": [1, 2.5, null, "ü"]}}""");
        await api.CreateAsync("/api/global-parameters/g", """{"value": "x"}""");
        await api.DoAsync(HttpMethod.Put, "/api/global-parameters/g", """{"value": [true]}""");
        await api.CreateAsync("/api/parameters/operator_policy/%2F/cap", $$"""{"value": {{Policy}}}""");
        const string shovel =
            """{"value":{"a":[1,2.5,null,"ü"]},"vhost":"/","component":"shovel","name":"s"}""";
        AssertJson(shovel, await api.GetAsync("/api/parameters/shovel/%2F/s"));
        AssertJson($"[{shovel}]", await api.GetAsync("/api/parameters/shovel"));
        AssertJson($"[{shovel}]", await api.GetAsync("/api/parameters/shovel/%2F"));
        AssertJson("""{"value":[true],"name":"g"}""", await api.GetAsync("/api/global-parameters/g"));
        Assert.Equal(2, (await api.ListAsync("/api/parameters")).Length);
        Assert.Single(await api.ListAsync("/api/operator-policies/%2F"));
        Assert.Equal(
            "policies may not be set using this method", await api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Put, "/api/parameters/policy/%2F/p",
                $$"""{"value": {{Policy}}}"""));
        await api.DoAsync(HttpMethod.Delete, "/api/parameters/shovel/%2F/s");
        await api.DoAsync(HttpMethod.Delete, "/api/global-parameters/g");
        AssertJson("[]", await api.GetAsync("/api/global-parameters"));
        Assert.Equal(
            HttpStatusCode.NotFound, await api.SendAsync(HttpMethod.Get, "/api/parameters/shovel/%2F/s"));
    }

    [Fact]
    public async Task Each_role_may_what_it_may_in_RabbitMQ()
    {
        await using var api = await OperatorApi.StartAsync();
        await api.CreateAsync("/api/vhosts/other", "{}");
        foreach (var user in (string[])["policymaker", "monitoring", "management"])
        {
            await api.CreateAsync($"/api/users/{user}", $$"""{"password": "{{user}}", "tags": "{{user}}"}""");
            await api.CreateAsync(
                $"/api/permissions/%2F/{user}", """{"configure": ".*", "write": ".*", "read": ".*"}""");
        }
        const string value = """{"value": 1}""";
        foreach (var (path, body, who) in ((string, string, string)[])
        [
            ("/api/policies/%2F/p", Policy, "policymaker"), ("/api/policies/other/p", Policy, ""),
            ("/api/operator-policies/%2F/p", Policy, ""), ("/api/vhost-limits/%2F/max-queues", value, ""),
            ("/api/user-limits/monitoring/max-channels", value, ""),
            ("/api/parameters/tool/%2F/p", value, "policymaker"),
            ("/api/parameters/vhost-limits/%2F/limits", """{"value": {}}""", ""),
            ("/api/global-parameters/g", value, "policymaker"),
        ])
        {
            foreach (var user in (string[])["policymaker", "monitoring", "management"])
            {
                api.User = user;
                var status = await api.SendAsync(HttpMethod.Put, path, body);
                var expected = user == who ? HttpStatusCode.Created : HttpStatusCode.Unauthorized;
                Assert.True(status == expected, $"{user}: PUT {path} {status}");
            }
        }
        foreach (var (path, user, isShown) in ((string, string, bool)[])
        [
            ("/api/policies", "management", true), ("/api/operator-policies/%2F", "management", true),
            ("/api/policies/other", "management", false), ("/api/vhost-limits", "monitoring", true),
            ("/api/parameters", "monitoring", false), ("/api/parameters", "policymaker", true),
            ("/api/global-parameters", "management", false), ("/api/global-parameters", "policymaker", true),
        ])
        {
            api.User = user;
            Assert.Equal(
                isShown ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, await api.SendAsync(HttpMethod.Get, path));
        }
    }

    private static void AssertJson(string expected, JsonElement actual) =>
        Assert.True(
            JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, actual), $"{expected}\n{actual}");
}
