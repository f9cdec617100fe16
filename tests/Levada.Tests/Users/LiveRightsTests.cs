using System.Net;
using Levada.Protocol;
using Levada.Tests.Operations;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Users;

/// <summary>Users and their rights changed over HTTP, as connections that are open feel it.</summary>
public sealed class LiveRightsTests : IAsyncLifetime
{
    private OperatorApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await OperatorApi.StartAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [LevadaFact]
    public async Task A_consumer_of_a_queue_that_may_not_be_read_any_more_is_cancelled()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        using var other = RawConnection.OpenWithChannel(_api.Broker);
        var (kept, lost) = (connection.NewSharedQueue(1), connection.NewSharedQueue(1));
        connection.Fill(lost, "one", "two");
        connection.Qos(1, 1);
        connection.Consume(1, kept, "stays");
        connection.Consume(1, lost, "goes");
        var held = connection.ExpectDeliver(1);
        await PermitAsync(user, ".*", ".*", kept);

        var cancel = connection.Expect<BasicCancel>(1);
        Assert.Equal(("goes", true), (cancel.ConsumerTag, cancel.NoWait));
        // What it has is still its own; the rest is whoever's may read it.
        connection.Send(1, new BasicAck(held.DeliveryTag));
        Assert.Equal("two", other.Get(1, lost).Text);
        connection.Publish(1, "", kept, "goes on");
        Assert.Equal("goes on", connection.ExpectDeliver(1).Text);
        connection.Send(1, new BasicConsume(lost, "again"));
        connection.ExpectRefused(1, "read", $"queue '{lost}' in vhost '/'", user, MethodId.BasicConsume);
        await _api.Broker.Log.WaitForAsync("consumer 'goes' is cancelled", $"read access to queue '{lost}'");
    }

    [LevadaFact]
    public async Task A_client_that_cannot_be_told_has_its_channel_closed()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(
            _api.Broker, user.Login with { ClientProperties = Login.Properties() });
        connection.OpenChannel(2);
        var queue = connection.NewSharedQueue(1);
        connection.Consume(1, queue);
        await PermitAsync(user, ".*", ".*", "^$");
        connection.ExpectRefused(1, "read", $"queue '{queue}' in vhost '/'", user, MethodId.BasicConsume);
        connection.CloseChannel(2);
    }

    [LevadaFact]
    public async Task A_publisher_that_may_not_write_any_more_is_refused_from_the_next_message_on()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        var queue = connection.NewSharedQueue(1);
        connection.SelectConfirms(1);
        for (var i = 0; i < 3; i++)
            connection.Publish(1, "amq.direct", queue, "the route is remembered");
        connection.ExpectConfirms(1, 3);
        await PermitAsync(user, ".*", "^amq.default$", ".*");
        connection.Publish(1, "amq.direct", queue, "refused");
        connection.ExpectRefused(1, "write", "exchange 'amq.direct' in vhost '/'", user, MethodId.BasicPublish);
        connection.Publish(1, "", queue, "allowed");
        Assert.Equal("allowed", connection.Get(1, queue).Text);
    }

    [LevadaFact]
    public async Task Without_permissions_in_its_vhost_a_connection_stays_and_may_do_nothing()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        var queue = connection.NewSharedQueue(1);
        await _api.DoAsync(HttpMethod.Delete, $"/api/permissions/%2F/{user.Name}");
        connection.Publish(1, "", queue, "x");
        connection.ExpectRefused(1, "write", "exchange 'amq.default' in vhost '/'", user, MethodId.BasicPublish);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectRefused(1, "read", $"queue '{queue}' in vhost '/'", user, MethodId.BasicGet);
        using var late = RawConnection.Connect(_api.Broker);
        late.Handshake(user.Login);
        late.Send(0, new ConnectionOpen("/"));
        late.ExpectConnectionError(530, "NOT_ALLOWED - access to vhost '/' refused", MethodId.ConnectionOpen);

        await _api.CreateAsync($"/api/permissions/%2F/{user.Name}", Permission(".*", ".*", ".*"));
        connection.GetNothing(1, queue);
        Assert.Equal(("set_permissions", "done", ""), await _api.LastAuditAsync());
    }

    [LevadaFact]
    public async Task Topic_permissions_count_from_the_next_message_on_and_for_CC_and_BCC_too()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, "amq.topic", "#");
        connection.Publish(1, "amq.topic", "b.1", "one");
        connection.Publish(1, "amq.topic", "b.1", "two");
        await _api.CreateAsync(
            $"/api/topic-permissions/%2F/{user.Name}",
            """{"exchange":"amq.topic","write":"^a\\.","read":".*"}""");
        connection.Publish(1, "amq.topic", "b.1", "three");
        Refused("b.1");
        connection.Publish(1, "amq.topic", "a.1", "four");
        foreach (var header in (string[])["CC", "BCC"])
        {
            connection.Publish(1, "amq.topic", "a.1", "five", new BasicProperties
            {
                Headers = new FieldTable().Add(
                    header, FieldValue.Array(FieldValue.String("a.2"), FieldValue.String("b.2"))),
            });
            Refused("b.2");
        }

        connection.Publish(1, "amq.direct", "b.1", "no topic exchange");
        await _api.DoAsync(HttpMethod.Delete, $"/api/topic-permissions/%2F/{user.Name}");
        connection.Publish(1, "amq.topic", "b.1", "six");
        Assert.Equal(
            ["one", "two", "four", "six"], Enumerable.Range(0, 4).Select(_ => connection.Get(1, queue).Text));

        void Refused(string key) => connection.ExpectRefused(
            1, "write", $"topic '{key}' in exchange 'amq.topic' in vhost '/'", user, MethodId.BasicPublish);
    }

    [LevadaTheory]
    [InlineData("{username}.in", true)]
    [InlineData("userXin", false)]
    [InlineData("other.in", false)]
    [InlineData("/", true)]
    [InlineData("{client_id}", true)]
    public async Task In_topic_permissions_the_users_and_the_vhosts_name_stand_for_themselves(string key, bool allowed)
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        await _api.CreateAsync(
            $"/api/topic-permissions/%2F/{user.Name}",
            """{"exchange":"amq.topic","write":"^({username}\\.in|{vhost}|{client_id})$","read":""}""");
        key = key.Replace("{username}", user.Name, StringComparison.Ordinal);
        connection.Publish(1, "amq.topic", key, "x", mandatory: true);
        if (allowed)
        {
            connection.ExpectReturn(1);
            return;
        }

        connection.ExpectRefused(
            1, "write", $"topic '{key}' in exchange 'amq.topic' in vhost '/'", user, MethodId.BasicPublish);
    }

    [LevadaFact]
    public async Task A_deleted_users_connections_are_closed_and_no_others()
    {
        var (user, other) = (TestUser.Create(_api.Broker, ".*", ".*", ".*"), TestUser.Create(_api.Broker, "", "", ""));
        using var running = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        using var opening = RawConnection.Connect(_api.Broker);
        opening.Handshake(user.Login);
        using var bystander = RawConnection.OpenWithChannel(_api.Broker, other.Login);
        await _api.DoAsync(HttpMethod.Delete, $"/api/users/{user.Name}");
        running.ExpectConnectionError(320, $"CONNECTION_FORCED - user '{user.Name}' is deleted", 0);
        opening.ExpectEnd();
        bystander.CloseChannel(1);
        // Who comes again under the name is somebody else.
        await _api.CreateAsync($"/api/users/{user.Name}", """{"password":"new","tags":""}""");
        Assert.DoesNotContain(
            await _api.ListAsync("/api/permissions"), p => p.GetProperty("user").ValueEquals(user.Name));
    }

    [LevadaFact]
    public async Task A_new_password_leaves_connections_and_is_what_update_secret_and_logins_are_asked_for()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        await _api.DoAsync(HttpMethod.Put, $"/api/users/{user.Name}", """{"password":"fresh","tags":[]}""");
        connection.GetNothing(1, connection.NewQueue(1));
        connection.Send(0, new ConnectionUpdateSecret("fresh"u8.ToArray(), "renewed"));
        connection.Expect<ConnectionUpdateSecretOk>(0);
        using (RawConnection.OpenWithChannel(_api.Broker, user.Login with { Password = "fresh" }))
        {
            using var old = RawConnection.Connect(_api.Broker);
            old.SendStartOk(user.Login);
            old.ExpectConnectionClose(403, "ACCESS_REFUSED - Login was refused", 0);
        }

        connection.Send(0, new ConnectionUpdateSecret("stale"u8.ToArray(), "renewed"));
        connection.ExpectConnectionError(
            530, "NOT_ALLOWED - New secret was refused by one of the backends", MethodId.ConnectionUpdateSecret);
    }

    [LevadaFact]
    public async Task Tags_count_at_once()
    {
        var user = TestUser.Create(_api.Broker, ".*", ".*", ".*");
        using var connection = RawConnection.OpenWithChannel(_api.Broker, user.Login);
        var queue = connection.NewQueue(1);
        var another = new BasicProperties { UserId = "somebody" };
        connection.Publish(1, "", queue, "x", another);
        connection.ExpectChannelError(1, 406, "user_id property set to 'somebody'", MethodId.BasicPublish);
        await _api.DoAsync(
            HttpMethod.Put, $"/api/users/{user.Name}", $$"""{"password":"{{user.Name}}","tags":"impersonator"}""");
        connection.Publish(1, "", queue, "x", another);
        Assert.Equal("x", connection.Get(1, queue).Text);
    }

    private async Task PermitAsync(TestUser user, string configure, string write, string read) => Assert.Equal(
        HttpStatusCode.NoContent,
        await _api.SendAsync(
            HttpMethod.Put, $"/api/permissions/%2F/{user.Name}", Permission(configure, write, read)));

    private static string Permission(string configure, string write, string read) =>
        $$"""{"configure":"{{configure}}","write":"{{write}}","read":"{{read}}"}""";
}
