using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Operations;

/// <summary>Whatever changes something over HTTP is in the audit: every mapped path that is no GET.</summary>
public sealed class AuditTests
{
    private const string OneNode = "RabbitMQ moves or mends something between nodes; here nothing happens";
    private const string NoPassword = "it hashes; by GET the password would stand in logs of proxies";
    private const string Memory = "memory is given back; nothing that anybody has is another";

    /// <summary>Those that change nothing, and why they are asked with another method than GET.</summary>
    private static readonly Dictionary<string, string> NoChange = new()
    {
        ["POST /api/auth/hash_password/{password}"] = NoPassword,
        ["PUT /api/auth/hash_password"] = NoPassword,
        ["POST /api/login"] = "it tells whether a password is right",
        ["PUT /api/feature-flags/{name}/enable"] = "all of them are always on",
        ["POST /api/rebalance/queues"] = OneNode,
        ["POST /api/vhosts/{name}/start/{node}"] = OneNode,
        ["POST /api/queues/{vhost}/{name}/actions"] = OneNode,
        ["PUT /api/queues/{vhost}/{name}/restart"] = "a queue that is there runs; nothing happens",
        ["POST /api/nodes/gc_collect"] = Memory,
        ["POST /api/nodes/{name}/gc_collect"] = Memory,
    };

    /// <summary>In this order: method and path as mapped, path as asked, body.</summary>
    private static readonly (string Route, string Path, string? Body)[] Requests =
    [
        ("PUT /api/vhosts/{name}", "/api/vhosts/v", "{}"),
        ("POST /api/vhosts/{name}/deletion/protection", "/api/vhosts/v/deletion/protection", null),
        ("DELETE /api/vhosts/{name}/deletion/protection", "/api/vhosts/v/deletion/protection", null),
        ("PUT /api/vhost-limits/{vhost}/{name}", "/api/vhost-limits/v/max-queues", """{"value":5}"""),
        ("DELETE /api/vhost-limits/{vhost}/{name}", "/api/vhost-limits/v/max-queues", null),
        ("DELETE /api/vhosts/{name}", "/api/vhosts/v", null),
        ("PUT /api/users/{name}", "/api/users/u", """{"password":"x","tags":""}"""),
        ("PUT /api/permissions/{vhost}/{user}", "/api/permissions/%2F/u",
            """{"configure":"","write":"","read":""}"""),
        ("DELETE /api/permissions/{vhost}/{user}", "/api/permissions/%2F/u", null),
        ("PUT /api/topic-permissions/{vhost}/{user}", "/api/topic-permissions/%2F/u",
            """{"exchange":"amq.topic","write":".*","read":".*"}"""),
        ("DELETE /api/topic-permissions/{vhost}/{user}", "/api/topic-permissions/%2F/u", null),
        ("PUT /api/user-limits/{user}/{name}", "/api/user-limits/u/max-connections", """{"value":5}"""),
        ("DELETE /api/user-limits/{user}/{name}", "/api/user-limits/u/max-connections", null),
        ("DELETE /api/users/{name}", "/api/users/u", null),
        ("PUT /api/users/{name}", "/api/users/u", """{"password":"x","tags":""}"""),
        ("POST /api/users/bulk-delete", "/api/users/bulk-delete", """{"users":["u"]}"""),
        ("PUT /api/exchanges/{vhost}/{name}", "/api/exchanges/%2F/x", """{"type":"direct"}"""),
        ("PUT /api/queues/{vhost}/{name}", "/api/queues/%2F/q", """{"durable":true}"""),
        ("PUT /api/queues/{vhost}/{name}", "/api/queues/%2F/q2", """{"durable":true}"""),
        ("POST /api/bindings/{vhost}/e/{source}/{kind}/{destination}", "/api/bindings/%2F/e/x/q/q",
            """{"routing_key":"k","arguments":{}}"""),
        ("DELETE /api/bindings/{vhost}/e/{source}/{kind}/{destination}/{props}", "/api/bindings/%2F/e/x/q/q/k", null),
        ("POST /api/queues/{vhost}/{name}/get", "/api/queues/%2F/q/get",
            """{"count":1,"ackmode":"ack_requeue_true","encoding":"auto"}"""),
        ("POST /api/queues/{vhost}/{name}/move", "/api/queues/%2F/q/move", """{"destination":"q2","count":1}"""),
        ("PUT /api/queues/{vhost}/{name}/pause", "/api/queues/%2F/q/pause", null),
        ("PUT /api/queues/{vhost}/{name}/resume", "/api/queues/%2F/q/resume", null),
        ("DELETE /api/queues/{vhost}/{name}/contents", "/api/queues/%2F/q2/contents", null),
        ("PUT /api/policies/{vhost}/{name}", "/api/policies/%2F/p",
            """{"pattern":"^a","definition":{"max-length":5}}"""),
        ("DELETE /api/policies/{vhost}/{name}", "/api/policies/%2F/p", null),
        ("PUT /api/operator-policies/{vhost}/{name}", "/api/operator-policies/%2F/p",
            """{"pattern":"^a","definition":{"max-length":5}}"""),
        ("DELETE /api/operator-policies/{vhost}/{name}", "/api/operator-policies/%2F/p", null),
        ("PUT /api/global-parameters/{name}", "/api/global-parameters/g", """{"name":"g","value":1}"""),
        ("DELETE /api/global-parameters/{name}", "/api/global-parameters/g", null),
        ("PUT /api/cluster-name", "/api/cluster-name", """{"name":"north"}"""),
        ("POST /api/definitions", "/api/definitions", """{"vhosts":[{"name":"w"}]}"""),
        ("POST /api/definitions/{vhost}", "/api/definitions/%2F", """{"queues":[]}"""),
        ("POST /api/definitions/upload", "/api/definitions/upload", """{"vhosts":[{"name":"w"}]}"""),
        ("POST /api/definitions/{vhost}/upload", "/api/definitions/%2F/upload", """{"queues":[]}"""),
        ("PUT /api/parameters/{component}/{vhost}/{name}", "/api/parameters/shovel/%2F/s", """{"value":{}}"""),
        ("DELETE /api/parameters/{component}/{vhost}/{name}", "/api/parameters/shovel/%2F/s", null),
        ("POST /api/exchanges/{vhost}/{name}/publish", "/api/exchanges/%2F/amq.default/publish",
            """{"routing_key":"q","payload":"a","payload_encoding":"string","properties":{}}"""),
        ("PUT /api/config/effective/{name}", "/api/config/effective/connection_max", """{"value":"100"}"""),
        ("PUT /api/logs/rotate", "/api/logs/rotate", null),
        ("POST /api/logs/rotate", "/api/logs/rotate", null),
        ("PUT /api/config/reload", "/api/config/reload", null),
        ("POST /api/config/reload", "/api/config/reload", null),
        ("DELETE /api/auth/attempts/{node}", "/api/auth/attempts/NODE", null),
        ("DELETE /api/auth/attempts/{node}/source", "/api/auth/attempts/NODE/source", null),
        ("DELETE /api/reset", "/api/reset", null),
        ("DELETE /api/reset/{node}", "/api/reset/NODE", null),
        ("PUT /api/connections/{name}/trace", "/api/connections/CONNECTION/trace", null),
        ("DELETE /api/connections/{name}/trace", "/api/connections/CONNECTION/trace", null),
        ("PUT /api/channels/{name}/trace", "/api/channels/CHANNEL/trace", null),
        ("DELETE /api/channels/{name}/trace", "/api/channels/CHANNEL/trace", null),
        ("PUT /api/channels/{name}", "/api/channels/CHANNEL", """{"prefetch_count":5}"""),
        ("PUT /api/channels/{name}/pause", "/api/channels/CHANNEL/pause", null),
        ("PUT /api/channels/{name}/resume", "/api/channels/CHANNEL/resume", null),
        ("POST /api/channels/{name}/requeue", "/api/channels/CHANNEL/requeue", null),
        ("PUT /api/consumers/{vhost}/{name}/{channel}/{tag}", "/api/consumers/%2F/CONNECTION/1/t",
            """{"prefetch_count":5}"""),
        ("DELETE /api/consumers/{vhost}/{name}/{channel}/{tag}", "/api/consumers/%2F/CONNECTION/1/t", null),
        ("DELETE /api/channels/{name}", "/api/channels/CHANNEL", null),
        ("DELETE /api/connections/{name}", "/api/connections/CONNECTION", null),
        ("DELETE /api/connections/username/{name}", "/api/connections/username/guest", null),
        ("DELETE /api/queues/{vhost}/{name}", "/api/queues/%2F/q", null),
        ("DELETE /api/exchanges/{vhost}/{name}", "/api/exchanges/%2F/x", null),
        ("PUT /api/listeners/suspend", "/api/listeners/suspend", null),
        ("PUT /api/listeners/resume", "/api/listeners/resume", null),
        ("POST /api/drain", "/api/drain?timeout=0", null),
        ("POST /api/revive", "/api/revive", null),
    ];

    [Fact]
    public async Task Every_change_leaves_a_line()
    {
        await using var api = await OperatorApi.StartAsync();
        var audit = api.Broker.Broker.Actions.Audit;
        RawConnection? client = null;
        try
        {
            foreach (var (route, asked, body) in Requests)
            {
                if (client is null && asked.Contains("CONNECTION", StringComparison.Ordinal))
                    client = Consume(api);
                var before = audit.Count;
                var template = asked.Replace("NODE", api.Broker.Broker.NodeName, StringComparison.Ordinal);
                var path = client is null ? template : template
                    .Replace("CONNECTION", Uri.EscapeDataString(client.Name), StringComparison.Ordinal)
                    .Replace("CHANNEL", Uri.EscapeDataString($"{client.Name} (1)"), StringComparison.Ordinal);
                var (status, answer) = await api.AskAsync(new HttpMethod(route.Split(' ')[0]), path, body);
                // Refused without a log file, which leaves a line as well.
                Assert.True(
                    (int)status is >= 200 and < 300 || asked == "/api/logs/rotate", $"{route}: {status} {answer}");
                Assert.True(audit.Count > before, $"{route} leaves no line in the audit");
            }
        }
        finally
        {
            client?.Dispose();
        }
    }

    [Fact]
    public async Task Every_path_that_changes_something_is_asked()
    {
        await using var api = await OperatorApi.StartAsync();
        var document = await api.GetAsync("/api/openapi.json");
        var mapped = from path in document.GetProperty("paths").EnumerateObject()
                     from operation in path.Value.EnumerateObject()
                     where operation.Name is "put" or "post" or "delete" or "patch"
                     select $"{operation.Name.ToUpperInvariant()} {path.Name}";
        Assert.Empty(mapped.Except(Requests.Select(static r => r.Route)).Except(NoChange.Keys));
    }

    private static RawConnection Consume(OperatorApi api)
    {
        var client = RawConnection.OpenWithChannel(api.Broker);
        client.Send(1, new BasicConsume("q", "t"));
        client.Expect<BasicConsumeOk>(1);
        return client;
    }
}
