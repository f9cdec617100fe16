using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Proxy;

/// <summary>What binds a client to a connection gets it one of its own, which ends with the client.</summary>
public sealed class OwnConnectionTests
{
    [LevadaFact]
    public async Task An_exclusive_queue_is_the_clients_alone_and_gone_with_its_close_ok()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        using var owner = proxy.OpenWithChannel();
        owner.OpenChannel(2);
        var queue = owner.NewQueue(1);
        Assert.Equal(2, proxy.UpstreamOpened);
        owner.Publish(2, "", queue, "from the other channel");
        Assert.Equal(1u, owner.Count(2, queue)); // which has moved too, or it were locked
        neighbour.Send(1, new QueueDeclare(queue, Passive: true));
        neighbour.ExpectChannelError(
            1, ReplyCode.ResourceLocked, "cannot obtain exclusive access", MethodId.QueueDeclare);
        owner.Close();
        neighbour.Send(1, new QueueDeclare(queue, Passive: true));
        neighbour.ExpectChannelError(1, ReplyCode.NotFound, "no queue", MethodId.QueueDeclare);
        await proxy.Broker.UntilAsync(o => o.Connections == 1);
    }

    [LevadaFact]
    public async Task Exclusive_queue_and_consumer_of_a_killed_client_are_gone()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        var shared = neighbour.NewSharedQueue(1);
        using (var killed = proxy.OpenWithChannel())
        {
            killed.Consume(1, killed.NewQueue(1));
            killed.OpenChannel(2);
            killed.Consume(2, shared);
            killed.Reset();
        }
        await proxy.Broker.UntilAsync(o => o is { Consumers: 0, Queues: 1, Connections: 1 });
    }

    [LevadaFact]
    public async Task A_channel_takes_prefetch_and_confirm_mode_and_its_queue_along()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        var queue = neighbour.NewSharedQueue(1);
        neighbour.Fill(queue, "1", "2", "3");
        using var consumer = proxy.OpenWithChannel();
        consumer.Qos(1, 2);
        consumer.SelectConfirms(1);
        consumer.DeclareQueue(1, queue);
        consumer.Consume(1, ""); // the queue declared last
        var tags = consumer.ExpectDeliveries(1, "1", "2");
        consumer.Publish(1, "", "nowhere", "x");
        consumer.ExpectConfirms(1, 1);
        consumer.Send(1, new BasicAck(tags[0], false));
        consumer.ExpectDeliveries(1, "3");
        Assert.Equal(1, proxy.Server.Counters.ChannelsMoved.Value);
        consumer.Close();
        await proxy.Broker.UntilAsync(o => o is { MessagesReady: 2, MessagesUnacked: 0, Consumers: 0 });
    }

    [LevadaFact]
    public async Task A_client_that_is_alone_on_its_connection_keeps_it()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var client = proxy.OpenWithChannel();
        client.SelectConfirms(1);
        client.Publish(1, "", "nowhere", "x");
        client.ExpectConfirms(1, 1);
        client.Consume(1, client.NewQueue(1)); // no fresh channel could go on counting confirms
        Assert.Equal(1, proxy.UpstreamOpened);
        using var other = proxy.OpenWithChannel();
        Assert.Equal(2, proxy.UpstreamOpened);
    }

    [LevadaFact]
    public async Task A_channel_that_cannot_move_is_told_so()
    {
        await using var proxy = await TestProxy.StartAsync();
        using var neighbour = proxy.OpenWithChannel();
        using var client = proxy.OpenWithChannel();
        client.SelectTx(1);
        client.Send(1, new QueueDeclare("", Exclusive: true));
        client.ExpectChannelError(
            1, ReplyCode.NotImplemented, "an exclusive queue needs", MethodId.QueueDeclare);
        client.NewQueue(1);
    }

    [LevadaFact]
    public async Task A_consumer_that_does_not_read_holds_up_nobody_and_loses_nothing()
    {
        const int Messages = 200;
        await using var proxy = await TestProxy.StartAsync(o => o with { ClientBuffer = 1 << 20 });
        using var neighbour = proxy.OpenWithChannel();
        var queue = neighbour.NewSharedQueue(1);
        var body = new byte[100_000];
        for (var i = 0; i < Messages; i++) neighbour.Publish(1, "", queue, body);
        using var slow = proxy.Open(new Login(Heartbeat: 1));
        slow.OpenChannel(1);
        slow.Send(1, new BasicConsume(queue, "", NoAck: true));
        await proxy.Broker.UntilAsync(o => o.Consumers == 1);
        var other = neighbour.NewSharedQueue(1);
        neighbour.Publish(1, "", other, "meanwhile");
        Assert.Equal("meanwhile", neighbour.Get(1, other, noAck: true).Text);
        slow.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < Messages; i++) Assert.Equal(body.Length, slow.ExpectDeliver(1).Body.Length);
        Assert.Equal(0, proxy.Server.Counters.SlowClients.Value);
    }

    [LevadaFact]
    public async Task A_client_that_fetches_without_reading_is_ended_and_others_go_on()
    {
        await using var proxy = await TestProxy.StartAsync(o => o with { ClientBuffer = 1 << 20 });
        using var neighbour = proxy.OpenWithChannel();
        var queue = neighbour.NewSharedQueue(1);
        var body = new byte[1_000_000];
        for (var i = 0; i < 40; i++) neighbour.Publish(1, "", queue, body);
        using var deaf = proxy.OpenWithChannel();
        for (var i = 0; i < 40; i++) deaf.Send(1, new BasicGet(queue, NoAck: true));
        await proxy.Log.WaitForAsync("does not read", "--client-buffer 1048576");
        Assert.Equal(1, proxy.Server.Counters.SlowClients.Value);
        neighbour.Count(1, queue);
    }
}
