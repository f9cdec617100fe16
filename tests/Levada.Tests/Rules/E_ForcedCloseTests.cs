using Levada.Auth;
using Levada.Catalog;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules A17, A18, D4, E6 and E8: what follows from changes to users and virtual hosts.</summary>
public sealed class E_ForcedCloseTests
{
    private static readonly Login Alice = new("alice", "secret", "tenant");

    [LevadaFact]
    public async Task E6_deleting_a_user_closes_its_connections()
    {
        await using var broker = await StartAsync();
        using var guest = RawConnection.OpenWithChannel(broker);
        using var alice = RawConnection.OpenWithChannel(broker, Alice);
        broker.Broker.Catalog.DeleteUser("alice");
        alice.ExpectConnectionError(320, "CONNECTION_FORCED - user 'alice' is deleted", 0);
        guest.CloseChannel(1);
    }

    [LevadaFact]
    public async Task E6_deleting_a_vhost_closes_its_connections()
    {
        await using var broker = await StartAsync();
        using var guest = RawConnection.OpenWithChannel(broker);
        using var alice = RawConnection.OpenWithChannel(broker, Alice);
        broker.Broker.Catalog.DeleteVHost("tenant");
        alice.ExpectConnectionError(320, "CONNECTION_FORCED - vhost 'tenant' is deleted", 0);
        guest.CloseChannel(1);
    }

    [LevadaFact]
    public async Task E6_a_stop_closes_with_320_and_ends_when_the_client_has_answered()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var stopped = broker.Broker.StopAsync(TestContext.Current.CancellationToken);
        connection.ExpectConnectionError(
            320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0);
        connection.Dispose();
        await stopped;
    }

    [LevadaFact]
    public async Task E8_permissions_that_are_taken_away_are_missed_at_once()
    {
        await using var broker = await StartAsync();
        using var alice = RawConnection.OpenWithChannel(broker, Alice);
        var queue = D_ChannelCloseTests.Filled(alice, 1, "one");
        alice.Publish(1, "", queue, "two");
        Assert.Equal(2u, alice.Count(1, queue)); // it was published; the route is known from here on
        await SetPermissionsAsync(broker, new Permissions(".*", "^other$", ".*"));
        alice.Publish(1, "", queue, "refused");
        alice.ExpectChannelClose(
            1, 403,
            "ACCESS_REFUSED - write access to exchange 'amq.default' in vhost 'tenant' refused for user 'alice'",
            MethodId.BasicPublish);
        alice.Send(1, new ChannelCloseOk());
        alice.OpenChannel(1);
        await SetPermissionsAsync(broker, Permissions.All);
        alice.Publish(1, "", queue, "three");
        Assert.Equal(["one", "two", "three"], D_ChannelCloseTests.TakeAll(alice, 1, queue));
    }

    [LevadaFact]
    public async Task A17_a_user_without_permissions_in_the_vhost_is_refused()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.Connect(broker);
        connection.Handshake(Alice);
        connection.Send(0, new ConnectionOpen("/"));
        var close = connection.ExpectConnectionError(530, "NOT_ALLOWED - ", MethodId.ConnectionOpen);
        Assert.Equal("NOT_ALLOWED - access to vhost '/' refused for user 'alice'", close.ReplyText);
    }

    [LevadaFact]
    public async Task A18_a_vhost_has_a_limit_of_connections()
    {
        await using var broker = await StartAsync();
        await Done(done => broker.Broker.Catalog.AddVHost("tenant", new VHostLimits(MaxConnections: 1), _ => done()));
        await ExpectOneConnection(
            broker, "access to vhost 'tenant' refused for user 'alice': connection limit (1) is reached");
    }

    [LevadaFact]
    public async Task A18_a_user_has_a_limit_of_connections()
    {
        await using var broker = await StartAsync();
        await Done(done => broker.Broker.Catalog.UpdateUser(
            "alice", user => user with { MaxConnections = 1 }, _ => done()));
        await ExpectOneConnection(
            broker, "connection refused for user 'alice': user connection limit (1) is reached");
    }

    [LevadaFact]
    public async Task D4_a_user_has_a_limit_of_channels()
    {
        await using var broker = await StartAsync();
        await Done(done => broker.Broker.Catalog.UpdateUser(
            "alice", user => user with { MaxChannels = 2 }, _ => done()));
        using var one = RawConnection.OpenWithChannel(broker, Alice);
        using var two = RawConnection.OpenWithChannel(broker, Alice);
        two.Send(2, new ChannelOpen());
        two.ExpectConnectionError(
            530,
            "NOT_ALLOWED - number of channels opened for user 'alice' has reached the maximum allowed user limit of 2",
            MethodId.ChannelOpen);
        one.OpenChannel(2); // what the other connection had is free again
        using var guest = RawConnection.OpenWithChannel(broker);
    }

    private static Task ExpectOneConnection(TestBroker broker, string refusal)
    {
        for (var round = 0; round < 10; round++)
        {
            using var first = RawConnection.OpenWithChannel(broker, Alice);
            using var second = RawConnection.Connect(broker);
            second.Handshake(Alice);
            second.Send(0, new ConnectionOpen(Alice.VHost));
            second.ExpectConnectionError(530, "NOT_ALLOWED - " + refusal, MethodId.ConnectionOpen);
            first.Close();
        }
        return Task.CompletedTask;
    }

    // A broker with a user alice who may do everything in the vhost tenant and nothing elsewhere.
    private static async Task<TestBroker> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        var catalog = broker.Broker.Catalog;
        await Done(done => catalog.AddVHost("tenant", VHostLimits.None, _ => done()));
        await Done(done => catalog.SetUser(new User("alice") { Password = PasswordHash.Create("secret") }, done));
        await SetPermissionsAsync(broker, Permissions.All);
        return broker;
    }

    private static Task SetPermissionsAsync(TestBroker broker, Permissions permissions) =>
        Done(done => broker.Broker.Catalog.SetPermissions("alice", "tenant", permissions, _ => done()));

    private static Task Done(Action<Action> change)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        change(done.SetResult);
        return done.Task.WaitAsync(RawConnection.Patience);
    }
}
