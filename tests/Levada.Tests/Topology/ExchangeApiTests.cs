using System.Net;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Topology;

/// <summary>/api/exchanges and /api/bindings; answers as RabbitMQ 3.10 gave them.</summary>
public sealed class ExchangeApiTests : IAsyncLifetime
{
    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await OperatorApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaFact]
    public async Task An_exchange_is_declared_seen_and_deleted()
    {
        const string path = "/api/exchanges/%2F/news%2Feu";
        await _api.CreateAsync(
            path,
            """
            {"type":"topic","durable":"true","auto_delete":false,"arguments":
            {"alternate-exchange":"amq.fanout","n":5,"f":1.5,"l":[1,"a"],"t":{"k":true}}}
            """);
        const string shown = """{"name":"news/eu","vhost":"/","type":"topic","durable":true,"auto_delete":false,"""
            + "\"internal\":false,\"arguments\":"
            + """{"alternate-exchange":"amq.fanout","n":5,"f":1.5,"l":[1,"a"],"t":{"k":true}},"""
            + "\"incoming\":[],\"outgoing\":[]}";
        Assert.Equal(shown, (await _api.GetAsync(path)).GetRawText());
        await _api.DoAsync(
            HttpMethod.Put, path,
            """{"type":"topic","durable":true,"arguments":{"alternate-exchange":"amq.fanout"}}""");
        Assert.Equal(
            "inequivalent arg 'type' for exchange 'news/eu' in vhost '/': received 'fanout' but current is 'topic'",
            await BadAsync(path, """{"type":"fanout","durable":true}"""));
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        connection.Bind(1, connection.NewQueue(1), "news/eu", "#");
        Assert.Equal(
            "exchange 'news/eu' in vhost '/' in use",
            await _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Delete, $"{path}?if-unused=true"));
        await _api.DoAsync(HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path);
    }

    [LevadaFact]
    public async Task What_no_client_could_declare_is_refused()
    {
        Assert.Equal("unknown exchange type 'nope'", await BadAsync("/api/exchanges/%2F/x", """{"type":"nope"}"""));
        Assert.Equal(
            "durable is neither true nor false", await BadAsync("/api/exchanges/%2F/x", """{"durable":"?"}"""));
        Assert.Equal(
            "invalid type 'long' for arg 'alternate-exchange' in exchange 'x' in vhost '/'",
            await BadAsync("/api/exchanges/%2F/x", """{"arguments":{"alternate-exchange":5}}"""));
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Put, "/api/exchanges/nowhere/x", "{}");
        foreach (var (method, name) in ((HttpMethod, string)[])
            [(HttpMethod.Put, "amq.mine"), (HttpMethod.Put, "amq.default"), (HttpMethod.Delete, "amq.direct")])
        {
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, method, $"/api/exchanges/%2F/{name}", "{}");
        }
    }

    [LevadaFact]
    public async Task Changes_are_made_by_the_rights_of_the_asking_user()
    {
        var user = TestUser.Create(_api.Broker, "^mine", "^mine", "^mine", "management");
        await _api.CreateAsync("/api/vhosts/hidden", "{}");
        await _api.CreateAsync("/api/exchanges/%2F/mine-and-theirs", "{}");
        _api.User = user.Name;
        await _api.CreateAsync("/api/exchanges/%2F/mine", "{}");
        Assert.Equal(
            $"configure access to exchange 'theirs' in vhost '/' refused for user '{user.Name}'",
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Put, "/api/exchanges/%2F/theirs", "{}"));
        Assert.Equal(("declare_exchange", "denied"), await LastAsync());
        await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Delete, "/api/exchanges/%2F/amq.direct");
        Assert.Equal(
            $"read access to exchange 'amq.fanout' in vhost '/' refused for user '{user.Name}'",
            await _api.RefusedAsync(
                HttpStatusCode.Unauthorized, HttpMethod.Post, "/api/bindings/%2F/e/amq.fanout/e/mine", "{}"));
        await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/exchanges/hidden");
        Assert.DoesNotContain(
            await _api.ListAsync("/api/exchanges"), e => e.GetProperty("vhost").ValueEquals("hidden"));

        var guest = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        _api.User = guest.Name;
        Assert.Equal(
            "Not management user",
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/exchanges/%2F"));

        async Task<(string?, string?)> LastAsync() =>
            (await _api.LastAuditAsync()) is var (action, outcome, _) ? (action, outcome) : default;
    }

    [LevadaFact]
    public async Task Every_vhost_shows_its_exchanges_and_the_default_one_by_its_other_name()
    {
        var names = (await _api.ListAsync("/api/exchanges/%2F")).Select(e => e.GetProperty("name").GetString());
        Assert.Equal(["", "amq.direct", "amq.fanout", "amq.headers", "amq.match", "amq.rabbitmq.trace", "amq.topic"],
            names.Where(name => name is not ("amq.rabbitmq.event" or "amq.rabbitmq.log")));
        Assert.Equal(
            "", (await _api.GetAsync("/api/exchanges/%2F/amq.default")).GetProperty("name").GetString());
    }

    [LevadaTheory]
    [InlineData("a.b", "{}", "a.b", "a.b")]
    [InlineData("", "{}", "~", "~")]
    [InlineData("a b/c~", "{}", "a+b%2Fc%7E", "a%2Bb%252Fc%257E")]
    [InlineData("", """{"x":1}""", "~", "~")]
    [InlineData("k", """{"x":1,"y":"z"}""", "k~", "k~")]
    public async Task A_binding_is_made_seen_and_deleted_by_its_properties_key(
        string key, string arguments, string shown, string location)
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        connection.DeclareQueue(1, "q/1", durable: true);
        const string ends = "/api/bindings/%2F/e/amq.topic/q/q%2F1";
        var (status, where) = await _api.PostAsync(ends, $$"""{"routing_key":"{{key}}","arguments":{{arguments}}}""");
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.StartsWith($"q%2F1/{location}", where, StringComparison.Ordinal);
        var binding = Assert.Single(await _api.ListAsync(ends));
        var properties = binding.GetProperty("properties_key").GetString()!;
        Assert.StartsWith(shown, properties, StringComparison.Ordinal);
        Assert.Equal(
            "{\"source\":\"amq.topic\",\"vhost\":\"/\",\"destination\":\"q/1\",\"destination_type\":\"queue\","
            + $"\"routing_key\":\"{key}\",\"arguments\":{arguments},\"properties_key\":\"{properties}\"}}",
            System.Text.RegularExpressions.Regex.Unescape(binding.GetRawText()));
        var path = $"{ends}/{Uri.EscapeDataString(properties)}";
        Assert.Equal(binding.GetRawText(), (await _api.GetAsync(path)).GetRawText());
        foreach (var list in (string[])
            ["/api/bindings", "/api/bindings/%2F", "/api/exchanges/%2F/amq.topic/bindings/source"])
            Assert.Contains(await _api.ListAsync(list), b => b.GetRawText() == binding.GetRawText());
        await _api.DoAsync(HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, path);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, path);
        Assert.Empty(await _api.ListAsync(ends));
    }

    [LevadaFact]
    public async Task Bindings_between_exchanges_and_of_the_default_exchange_are_shown()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        var queue = connection.NewQueue(1);
        Assert.Equal(
            HttpStatusCode.Created, (await _api.PostAsync("/api/bindings/%2F/e/amq.topic/e/amq.fanout", "")).Status);
        connection.Bind(1, queue, "amq.fanout", "");
        connection.Publish(1, "amq.topic", "", "through both");
        Assert.Equal("through both", connection.Get(1, queue).Text);
        var binding = Assert.Single(await _api.ListAsync("/api/exchanges/%2F/amq.fanout/bindings/destination"));
        Assert.Equal("amq.topic", binding.GetProperty("source").GetString());
        binding = Assert.Single(await _api.ListAsync($"/api/bindings/%2F/e/amq.default/q/{queue}"));
        Assert.Equal(("", queue), (
            binding.GetProperty("source").GetString(), binding.GetProperty("routing_key").GetString()));
        Assert.Contains(await _api.ListAsync("/api/bindings/%2F"), b => b.GetRawText() == binding.GetRawText());
        Assert.Empty(await _api.ListAsync("/api/bindings/%2F/e/amq.topic/q/nowhere"));
    }

    [LevadaTheory]
    [InlineData("e/amq.topic/q/nowhere", HttpStatusCode.NotFound, "no queue 'nowhere' in vhost '/'")]
    [InlineData("e/nowhere/e/amq.topic", HttpStatusCode.NotFound, "no exchange 'nowhere' in vhost '/'")]
    [InlineData(
        "e/amq.default/e/amq.topic", HttpStatusCode.Unauthorized, "operation not permitted on the default exchange")]
    public async Task A_binding_that_cannot_be_is_refused(string ends, HttpStatusCode status, string reason) =>
        Assert.Equal(
            reason,
            await _api.RefusedAsync(status, HttpMethod.Post, $"/api/bindings/%2F/{ends}", """{"routing_key":"k"}"""));

    private Task<string> BadAsync(string path, string body) =>
        _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, path, body);
}
