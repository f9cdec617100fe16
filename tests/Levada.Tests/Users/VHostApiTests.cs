using System.Net;
using System.Text.Json;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Users;

/// <summary>/api/vhosts; answers as RabbitMQ gave them.</summary>
public sealed class VHostApiTests : IAsyncLifetime
{
    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await OperatorApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaFact]
    public async Task A_vhost_is_made_described_and_used_by_whoever_made_it()
    {
        await _api.CreateAsync(
            "/api/vhosts/team",
            """
            {"description":"the team's","tags":"a,b","default_queue_type":"quorum","tracing":true,"metadata":{"cost":7}}
            """);
        var vhost = await _api.GetAsync("/api/vhosts/team");
        Assert.Equal("the team's", vhost.GetProperty("description").GetString());
        Assert.Equal("""["a","b"]""", vhost.GetProperty("tags").GetRawText());
        Assert.Equal("quorum", vhost.GetProperty("default_queue_type").GetString());
        Assert.True(vhost.GetProperty("tracing").GetBoolean());
        Assert.False(vhost.GetProperty("protected_from_deletion").GetBoolean());
        Assert.Equal(
            """{"description":"the team's","tags":["a","b"],"default_queue_type":"quorum","cost":7}""",
            Unescaped(vhost.GetProperty("metadata")));
        await _api.DoAsync(HttpMethod.Put, "/api/vhosts/team", """{"tracing":false}""");
        vhost = await _api.GetAsync("/api/vhosts/team");
        Assert.Equal((false, "the team's"), (
            vhost.GetProperty("tracing").GetBoolean(), vhost.GetProperty("description").GetString()));
        using var connection = RawConnection.OpenWithChannel(_api.Broker, new Login("guest", "guest", "team"));
        connection.Publish(1, "", connection.NewSharedQueue(1), "x");
        Assert.Single(await _api.ListAsync("/api/vhosts/team/connections"));
        Assert.Single(await _api.ListAsync("/api/vhosts/team/channels"));
        Assert.Empty(await _api.ListAsync("/api/vhosts/%2F/connections"));
        Assert.Equal(["/", "team"], (await _api.ListAsync("/api/vhosts")).Select(NameOf));
        Assert.Equal(
            "Default virtual host", (await _api.GetAsync("/api/vhosts/%2F")).GetProperty("description").GetString());
    }

    [LevadaFact]
    public async Task PUT_needs_no_body()
    {
        await _api.CreateAsync("/api/vhosts/bare", "");
        await _api.DoAsync(HttpMethod.Put, "/api/vhosts/bare");
        Assert.Equal(("set_vhost", "done", ""), await _api.LastAuditAsync());
        await _api.RefusedAsync(HttpStatusCode.BadRequest, HttpMethod.Put, "/api/vhosts/bare", """{"tracing":5}""");
    }

    [LevadaFact]
    public async Task Deleting_one_closes_its_connections_and_takes_all_in_it_and_all_permissions_for_ever()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        await _api.CreateAsync("/api/vhosts/gone", "{}");
        await _api.CreateAsync($"/api/permissions/gone/{user.Name}", """{"configure":".*","write":".*","read":".*"}""");
        await _api.CreateAsync(
            $"/api/topic-permissions/gone/{user.Name}", """{"exchange":"amq.topic","write":"a","read":"b"}""");
        using var bystander = RawConnection.OpenWithChannel(_api.Broker);
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login with { VHost = "gone" });
        connection.DeclareQueue(1, "q", durable: true);
        connection.DeclareExchange(1, "x", "fanout", durable: true);
        connection.Bind(1, "q", "x", "");
        connection.Fill("q", new BasicProperties { DeliveryMode = 2 }, "lost");
        await _api.DoAsync(HttpMethod.Delete, "/api/vhosts/gone");
        connection.ExpectConnectionError(320, "CONNECTION_FORCED - vhost 'gone' is deleted", 0);
        bystander.CloseChannel(1);
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Delete, "/api/vhosts/gone");
        await AssertGoneAsync();

        await _api.RestartAsync();
        await AssertGoneAsync();
        // Who makes it anew gets an empty one.
        await _api.CreateAsync("/api/vhosts/gone", "{}");
        using var again = RawConnection.OpenWithChannel(_api.Broker, new Login("guest", "guest", "gone"));
        Assert.False(again.Exists(1, "q"));
        Assert.Equal(0u, again.DeclareQueue(1, "q", durable: true).MessageCount);

        async Task AssertGoneAsync()
        {
            await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Get, "/api/vhosts/gone");
            Assert.Equal("[]", (await _api.GetAsync($"/api/users/{user.Name}/topic-permissions")).GetRawText());
            Assert.Equal(
                ["/"], (await _api.ListAsync($"/api/users/{user.Name}/permissions"))
                    .Select(p => p.GetProperty("vhost").GetString()));
        }
    }

    [LevadaFact]
    public async Task A_protected_one_is_not_deleted_before_that_is_taken_back()
    {
        await _api.CreateAsync("/api/vhosts/kept", "{}");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, new Login("guest", "guest", "kept"));
        await _api.DoAsync(HttpMethod.Post, "/api/vhosts/kept/deletion/protection");
        const string reason = "Refusing to delete virtual host 'kept' because it is protected from deletion";
        Assert.Equal(
            reason,
            await _api.RefusedAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Delete, "/api/vhosts/kept"));
        Assert.Equal(("delete_vhost", "refused", reason), await _api.LastAuditAsync());
        connection.CloseChannel(1);
        await _api.RestartAsync();
        Assert.True((await _api.GetAsync("/api/vhosts/kept")).GetProperty("protected_from_deletion").GetBoolean());
        await _api.RefusedAsync(HttpStatusCode.PreconditionFailed, HttpMethod.Delete, "/api/vhosts/kept");
        await _api.DoAsync(HttpMethod.Delete, "/api/vhosts/kept/deletion/protection");
        await _api.DoAsync(HttpMethod.Delete, "/api/vhosts/kept");
        await _api.RefusedAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/vhosts/kept/deletion/protection");
    }

    [LevadaFact]
    public async Task What_is_said_of_one_survives_a_restart_and_the_catalog_written_anew()
    {
        await _api.CreateAsync(
            "/api/vhosts/said", """{"description":"é","tags":["t"],"metadata":{"k":[1,"x",true]}}""");
        var before = (await _api.GetAsync("/api/vhosts/said")).GetRawText();
        await _api.RestartAsync();
        Assert.Equal(before, (await _api.GetAsync("/api/vhosts/said")).GetRawText());
        // A log that is torn is written anew.
        await _api.RestartAsync(() => File.AppendAllBytes(
            Path.Combine(_api.Broker.DataFolder, "catalog", "catalog.log"), [1, 2, 3, 4, 5, 6, 7, 8, 9]));
        Assert.Equal(before, (await _api.GetAsync("/api/vhosts/said")).GetRawText());
    }

    [LevadaFact]
    public async Task Users_see_those_where_they_have_permissions_and_only_administrators_change_them()
    {
        await _api.CreateAsync("/api/vhosts/hidden", "{}");
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*", "management");
        var watcher = TestUser.Create(_api.Broker, ".*", ".*", ".*", "monitoring");
        _api.User = watcher.Name;
        Assert.Equal(["/", "hidden"], (await _api.ListAsync("/api/vhosts")).Select(NameOf));
        _api.User = user.Name;
        Assert.Equal(["/"], (await _api.ListAsync("/api/vhosts")).Select(NameOf));
        await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/vhosts/hidden");
        Assert.Equal(
            "User not authorised to access virtual host",
            await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/vhosts/hidden/connections"));
        foreach (var method in (HttpMethod[])[HttpMethod.Put, HttpMethod.Delete])
        {
            Assert.Equal(
                "Not administrator user",
                await _api.RefusedAsync(HttpStatusCode.Unauthorized, method, "/api/vhosts/hidden", "{}"));
        }

        await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Get, "/api/vhosts/%2F/permissions");
        await _api.RefusedAsync(HttpStatusCode.Unauthorized, HttpMethod.Post, "/api/vhosts/%2F/deletion/protection");
    }

    private static string? NameOf(JsonElement item) => item.GetProperty("name").GetString();

    private static string Unescaped(JsonElement json) =>
        json.GetRawText().Replace("\\u0027", "'", StringComparison.Ordinal);
}
