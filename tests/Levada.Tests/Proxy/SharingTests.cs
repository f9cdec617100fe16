using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Proxy;

/// <summary>Many clients on few upstream connections, none of whom notices the others.</summary>
public sealed class SharingTests
{
    [LevadaFact]
    public async Task Many_short_clients_share_few_connections_and_every_message_arrives()
    {
        const int Clients = 60;
        await using var proxy = await TestProxy.StartAsync();
        using var observer = RawConnection.OpenWithChannel(proxy.Broker);
        var queue = observer.NewSharedQueue(1);
        await Parallel.ForEachAsync(Enumerable.Range(0, Clients), TestContext.Current.CancellationToken, (i, _) =>
        {
            using var client = proxy.OpenWithChannel();
            client.Publish(1, "", queue, $"{i}");
            client.Close(); // says that the broker has it, without confirms
            return ValueTask.CompletedTask;
        });
        Assert.Equal((uint)Clients, observer.Count(1, queue));
        Assert.True(proxy.UpstreamOpened <= 3, $"{proxy.UpstreamOpened} connections for {Clients} clients");
        Assert.Equal(Clients, proxy.Server.Counters.ChannelsOpened.Value);
        Assert.True(proxy.Server.Counters.ChannelsReady.Value > 0);
    }

    [LevadaFact]
    public async Task Another_connection_is_opened_when_one_is_full()
    {
        await using var proxy = await TestProxy.StartAsync(o => o with { MaxUpstreamChannels = 2, SpareChannels = 0 });
        using var client = proxy.Open();
        for (ushort channel = 1; channel <= 5; channel++) client.OpenChannel(channel);
        Assert.Equal(3, proxy.UpstreamOpened);
        for (ushort channel = 1; channel <= 5; channel++) client.CloseChannel(channel);
        client.OpenChannel(6);
        Assert.Equal(3, proxy.UpstreamOpened);
        client.Close();
    }

    [LevadaFact]
    public async Task The_same_channel_number_of_two_clients_is_two_channels()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var one = proxy.OpenWithChannel();
        using var two = proxy.OpenWithChannel();
        two.OpenChannel(2047);
        string first = one.NewSharedQueue(1), second = two.NewSharedQueue(2047);
        one.SelectConfirms(1);
        one.Publish(1, "", first, "one");
        one.ExpectConfirms(1, 1);
        two.Publish(2047, "", second, "two");
        Assert.Equal("two", two.Get(2047, second, noAck: true).Text);
        Assert.Equal("one", two.Get(1, first, noAck: true).Text);
        Assert.Equal(1, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task Confirm_mode_transactions_and_unacknowledged_messages_do_not_leak_to_the_next_client()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var observer = RawConnection.OpenWithChannel(proxy.Broker);
        var queue = observer.NewSharedQueue(1);
        observer.Publish(1, "", queue, "held");
        using (var before = proxy.OpenWithChannel())
        {
            before.SelectConfirms(1);
            before.OpenChannel(2);
            before.SelectTx(2);
            before.Publish(2, "", queue, "never committed");
            before.Get(1, queue);
            before.Close();
        }
        Assert.Equal(1u, observer.Count(1, queue));
        using var after = proxy.Open();
        for (ushort channel = 1; channel <= 3; channel++)
        {
            after.OpenChannel(channel);
            after.Publish(channel, "", queue, "plain"); // neither confirmed nor in a transaction
            Assert.Equal(1u + channel, after.Count(channel, queue));
        }
        Assert.Equal(2, proxy.UpstreamOpened); // one of them is the observer's
    }

    [LevadaFact]
    public async Task A_killed_client_leaves_nothing_and_half_a_message_goes_nowhere()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        var queue = neighbour.NewSharedQueue(1);
        neighbour.Publish(1, "", queue, "held");
        using (var killed = proxy.OpenWithChannel())
        {
            Assert.Equal("held", killed.Get(1, queue).Text);
            killed.SendPublishMethod(1, "", queue);
            killed.SendHeader(1, 100);
            killed.SendBody(1, "half"u8);
            killed.Reset();
        }
        await proxy.Broker.UntilAsync(o => o is { MessagesUnacked: 0, MessagesReady: 1 });
        var again = neighbour.Get(1, queue);
        Assert.Equal("held", again.Text);
        Assert.True(again.Redelivered);
        neighbour.GetNothing(1, queue);
        Assert.Equal(1, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task Idle_connections_are_closed_and_opened_again_when_needed()
    {
        await using var proxy = await TestProxy.StartAsync(
            o => o with { IdleConnectionTimeout = TimeSpan.FromMilliseconds(100) });
        using (var client = proxy.OpenWithChannel()) client.Close();
        await proxy.Broker.UntilAsync(o => o.Connections == 0);
        using (var client = proxy.OpenWithChannel()) client.Close();
        Assert.Equal(2, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task A_small_frame_max_holds_in_both_directions()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.OpenWithChannel(new Login(FrameMax: 4096));
        var queue = client.NewSharedQueue(1);
        var body = new byte[50_000];
        client.Publish(1, "", queue, body);
        var message = client.Get(1, queue);
        Assert.Equal(body.Length, message.Body.Length);
        Assert.True(message.LargestFrame <= 4096, $"a frame of {message.LargestFrame} octets");
    }

    [LevadaFact]
    public async Task Transactions_and_returns_pass()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.OpenWithChannel();
        var queue = client.NewSharedQueue(1);
        client.SelectTx(1);
        client.Publish(1, "", queue, "gone");
        client.Rollback(1);
        client.Publish(1, "", queue, "kept");
        client.Commit(1);
        Assert.Equal("kept", client.Get(1, queue, noAck: true).Text);
        client.OpenChannel(2);
        client.SelectConfirms(2);
        client.Publish(2, "", "nowhere", "back", mandatory: true);
        Assert.Equal(ReplyCode.NoRoute, client.ExpectReturn(2).ReplyCode);
        client.ExpectConfirms(2, 1);
    }
}
