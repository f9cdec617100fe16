using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Definitions;

/// <summary>Definitions imported and exported over HTTP.</summary>
public sealed class DefinitionsTests : IAsyncLifetime
{
    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await OperatorApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaFact]
    public async Task What_RabbitMQ_exported_is_imported_and_works()
    {
        await ImportAsync(Fixture("rabbitmq-3.10.json"));
        _api.Password = "guest";
        var orders = await DefinitionAsync("queues", "app.orders");
        Assert.Equal(5000, orders.GetProperty("arguments").GetProperty("x-max-length").GetInt32());
        Assert.Equal(
            "operator_policy", (await DefinitionAsync("parameters", "cap")).GetProperty("component").GetString());
        Assert.Equal(5, (await DefinitionAsync("policies", "ttl")).GetProperty("priority").GetInt32());
        Assert.Equal(
            """{"max-connections":50,"max-channels":200}""",
            (await DefinitionAsync("users", "app")).GetProperty("limits").GetRawText());
        using var connection = RawConnection.OpenWithChannel(_api.Broker, new Login("app", "app-secret", "shop"));
        connection.Publish(1, "app.events", "app.order.1", "x");
        Assert.Equal("x", connection.Get(1, "app.orders").Text);
        connection.Publish(1, "app.events", "other.order", "refused");
        connection.ExpectChannelError(1, 403, "write access to topic 'other.order'", MethodId.BasicPublish);
        using var old = RawConnection.Connect(_api.Broker);
        old.Handshake(new Login("old", "test12"));
        using var node = RawConnection.OpenWithChannel(_api.Broker);
        Assert.True(node.Exists(1, "bücher / 1"));
    }

    [LevadaFact]
    public async Task What_LavinMQ_exported_is_imported_and_works()
    {
        await ImportAsync(Fixture("lavinmq-2.9.json"));
        _api.Password = "test12";
        using var connection = RawConnection.OpenWithChannel(_api.Broker, new Login("lavin", "test12", "lab"));
        connection.Publish(1, "late", "a.b", "x");
        Assert.Equal("x", connection.ReceiveOne("log").Text);
        Assert.Equal("shovel", (await DefinitionAsync("parameters", "mover")).GetProperty("component").GetString());
        using var nobody = RawConnection.Connect(_api.Broker);
        nobody.SendStartOk(new Login("nobody", "x"));
        nobody.ExpectConnectionClose(403, "ACCESS_REFUSED - Login was refused", 0);
    }

    [LevadaTheory]
    [InlineData("rabbitmq-3.10.json")]
    [InlineData("lavinmq-2.9.json")]
    public async Task An_export_imported_elsewhere_gives_the_same_export(string fixture)
    {
        await ImportAsync(Fixture(fixture));
        _api.Password = fixture.StartsWith("lavin", StringComparison.Ordinal) ? "test12" : "guest";
        var export = (await _api.GetAsync("/api/definitions")).GetRawText();
        await using var other = await OperatorApi.StartAsync();
        Assert.Equal(
            HttpStatusCode.NoContent, (await other.AskAsync(HttpMethod.Post, "/api/definitions", export)).Status);
        other.Password = _api.Password;
        Assert.Equal(export, (await other.GetAsync("/api/definitions")).GetRawText());
        // And it is all there after a restart, but for what is transient.
        await other.RestartAsync();
        var kept = (await other.GetAsync("/api/definitions")).GetRawText();
        Assert.Equal(Durable(export), Durable(kept));
        var (_, dry) = await other.AskAsync(HttpMethod.Post, "/api/definitions?dry_run=true", kept);
        Assert.Empty(JsonDocument.Parse(dry).RootElement.GetProperty("changes").EnumerateArray());
    }

    [LevadaFact]
    public async Task A_dry_run_lists_what_would_change_and_changes_nothing()
    {
        using var connection = RawConnection.OpenWithChannel(_api.Broker);
        connection.DeclareQueue(1, "there", durable: true);
        var before = (await _api.GetAsync("/api/definitions")).GetRawText();
        const string document = """
            {"vhosts":[{"name":"/","description":"other"},{"name":"fresh"}],
            "users":[{"name":"u","password_hash":"","tags":"management"}],
            "permissions":[{"user":"u","vhost":"fresh","configure":"","write":"","read":""},
            {"user":"guest","vhost":"/","configure":".*","write":".*","read":".*"}],
            "queues":[{"name":"there","vhost":"/","durable":false,"auto_delete":false,"arguments":{}},
            {"name":"q","vhost":"fresh","durable":true,"auto_delete":false,"arguments":{}}],
            "bindings":[{"source":"amq.topic","vhost":"fresh","destination":"q","destination_type":"queue",
            "routing_key":"#","arguments":{}}]}
            """;
        var (status, body) = await _api.AskAsync(HttpMethod.Post, "/api/definitions?dry_run=true", document);
        Assert.Equal(HttpStatusCode.OK, status);
        var dry = JsonDocument.Parse(body).RootElement;
        Assert.Equal(
            [
                "vhost  / changed", "vhost  fresh added", "user  u added", "permission fresh u added",
                "queue / there kept", "queue fresh q added", "binding fresh amq.topic -> q added",
            ],
            dry.GetProperty("changes").EnumerateArray().Select(Describe));
        Assert.Equal(1, dry.GetProperty("unchanged").GetInt32());
        Assert.Equal(before, (await _api.GetAsync("/api/definitions")).GetRawText());

        await ImportAsync(document);
        Assert.Equal(
            ("import_definitions", "done", "5 added, 1 changed, 1 kept, 1 unchanged"), await _api.LastAuditAsync());
        Assert.True((await DefinitionAsync("queues", "there")).GetProperty("durable").GetBoolean());

        static string Describe(JsonElement change) => string.Join(
            ' ', ((string[])["object", "vhost", "name", "outcome"])
                .Select(key => change.TryGetProperty(key, out var value) ? value.GetString() : ""));
    }

    [LevadaFact]
    public async Task What_no_client_can_name_is_not_imported()
    {
        var name = new string('n', 256);
        Assert.Equal(
            $"vhost '{name}': the name is longer than 255 octets",
            await _api.RefusedAsync(
                HttpStatusCode.BadRequest, HttpMethod.Post, "/api/definitions",
                $$"""{"vhosts":[{"name":"{{name}}"}]}"""));
    }

    [LevadaTheory]
    [InlineData("""{"vhosts":[{"name":"n"}],"queues":[{"name":"q","vhost":"no"}]}""",
        "queue 'q' in vhost 'no': there is no vhost 'no', and the definitions bring none")]
    [InlineData("""{"vhosts":[{"name":"n"}],"queues":[{"name":"q","vhost":"n","arguments":{"x-max-length":-5}}]}""",
        "queue 'q' in vhost 'n': invalid arg 'x-max-length' for queue 'q' in vhost 'n'")]
    [InlineData("""{"vhosts":[{"name":"n"}],"exchanges":[{"name":"x","vhost":"n","type":"nope"}]}""",
        "exchange 'x' in vhost 'n': unknown exchange type 'nope'")]
    [InlineData("""
        {"vhosts":[{"name":"n"}],"bindings":[{"source":"amq.topic","vhost":"n","destination":"q",
        "destination_type":"queue","routing_key":""}]}
        """, "binding from exchange 'amq.topic' to queue 'q' in vhost 'n': there is no such queue")]
    [InlineData("""
        {"vhosts":[{"name":"n"}],"exchanges":[{"name":"h","vhost":"n","type":"x-consistent-hash"}],
        "bindings":[{"source":"h","vhost":"n","destination":"amq.topic","destination_type":"exchange",
        "routing_key":"k"}]}
        """, "binding from exchange 'h' to exchange 'amq.topic' in vhost 'n': The binding key must be an integer")]
    [InlineData("""
        {"vhosts":[{"name":"n"}],"permissions":[{"user":"u","vhost":"n","configure":"","write":"","read":""}]}
        """,
        "permission in vhost 'n': there is no user 'u'")]
    [InlineData("""
        {"vhosts":[{"name":"n"}],"policies":[{"name":"p","vhost":"n","pattern":"(","definition":{"max-length":1}}]}
        """, "Validation failed: pattern should be regular expression but is invalid")]
    [InlineData("""{"vhosts":[{"name":"n"},{"name":5}]}""", "vhosts[1].name is no text")]
    [InlineData("""{"vhosts":[{"name":"n"}],"users":[{"name":"u","password_hash":"x","tags":""}]}""",
        "users[0].password_hash cannot be taken over")]
    [InlineData("""{"vhosts":[{"name":"n"}],"queues":5}""", "queues is no list")]
    [InlineData("""{"vhosts":[{"name":"n"}]""", "failed_to_parse_json")]
    public async Task What_is_wrong_anywhere_leaves_everything_as_it_was(string document, string reason)
    {
        foreach (var path in (string[])["/api/definitions", "/api/definitions?dry_run=true"])
        {
            Assert.StartsWith(
                reason, await _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Post, path, document),
                StringComparison.Ordinal);
        }

        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/vhosts/n");
    }

    [LevadaFact]
    public async Task One_virtual_host_is_exported_and_imported_into_another()
    {
        await ImportAsync(Fixture("rabbitmq-3.10.json"));
        _api.Password = "guest";
        await _api.CreateAsync("/api/vhosts/copy", "{}");
        var shop = (await _api.GetAsync("/api/definitions/shop")).GetRawText();
        Assert.DoesNotContain("\"vhost\"", shop, StringComparison.Ordinal);
        Assert.DoesNotContain("\"users\"", shop, StringComparison.Ordinal);
        await _api.DoAsync(HttpMethod.Post, "/api/definitions/copy", shop);
        Assert.Equal(shop, (await _api.GetAsync("/api/definitions/copy")).GetRawText());
        await _api.DoAsync(
            HttpMethod.Post, "/api/definitions/copy",
            """{"users":[{"name":"no","tags":""}],"vhosts":[{"name":"no"}]}""");
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/vhosts/no");
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/users/no");
        Assert.Equal(
            "vhost_not_found",
            await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/definitions/no", "{}"));
    }

    [LevadaFact]
    public async Task A_form_with_a_file_is_an_import_too()
    {
        Assert.Equal(
            HttpStatusCode.NoContent,
            await _api.UploadAsync("/api/definitions", "file", """{"vhosts":[{"name":"uploaded"}]}"""));
        await _api.GetAsync("/api/vhosts/uploaded");
        Assert.Equal(
            HttpStatusCode.BadRequest, await _api.UploadAsync("/api/definitions", "other", """{"vhosts":[]}"""));
    }

    [LevadaFact]
    public async Task Only_administrators_export_and_import()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*", "policymaker");
        _api.User = user.Name;
        foreach (var path in (string[])["/api/definitions", "/api/definitions/%2F"])
        {
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, path);
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, path, "{}");
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, $"{path}?dry_run=true", "{}");
        }
    }

    private static string Fixture(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Definitions", name));

    private async Task ImportAsync(string document)
    {
        var (status, body) = await _api.AskAsync(HttpMethod.Post, "/api/definitions", document);
        Assert.True(status == HttpStatusCode.NoContent, $"{status} {body}");
    }

    private async Task<JsonElement> DefinitionAsync(string section, string name) =>
        (await _api.GetAsync("/api/definitions")).GetProperty(section).EnumerateArray()
            .First(item => item.GetProperty("name").ValueEquals(name));

    private static IEnumerable<string> Durable(string export) =>
        from section in JsonDocument.Parse(export).RootElement.EnumerateObject()
        where section.Value.ValueKind == JsonValueKind.Array
        from item in section.Value.EnumerateArray()
        where !(item.TryGetProperty("durable", out var durable) && !durable.GetBoolean())
            && !(item.TryGetProperty("destination", out var end) && end.ValueEquals("app.transient"))
        select $"{section.Name} {item.GetRawText()}";
}
