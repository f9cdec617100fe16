using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules F1 to F3 and F6: who slows whom down.</summary>
public sealed class F_FlowTests(BrokerFixture fixture)
{
    [Fact]
    public void F1_flow_true_is_answered()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ChannelFlow(true));
        Assert.True(connection.Expect<ChannelFlowOk>(1).Active);
    }

    [LevadaFact]
    public void F1_flow_false_holds_deliveries_back_and_not_get()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var (held, other) = (D_ChannelCloseTests.Filled(connection, 2), D_ChannelCloseTests.Filled(connection, 2));
        connection.Send(1, new BasicConsume(held, "held"));
        connection.Expect<BasicConsumeOk>(1);
        connection.Send(2, new BasicConsume(other, "other", NoAck: true));
        connection.Expect<BasicConsumeOk>(2);
        connection.Send(1, new ChannelFlow(false));
        Assert.False(connection.Expect<ChannelFlowOk>(1).Active);

        connection.Publish(2, "", held, "first");
        connection.Publish(2, "", held, "second");
        connection.Publish(2, "", other, "not held");
        Assert.Equal("not held", connection.ExpectDeliver(2).Text);
        connection.Send(1, new BasicGet(held, NoAck: true));
        Assert.Equal("first", connection.ExpectGetOk(1).Text);
        connection.Send(1, new QueueDeclare(held, Passive: true));
        Assert.Equal(new QueueDeclareOk(held, 1, 1), connection.Expect<QueueDeclareOk>(1));

        connection.Send(1, new ChannelFlow(true));
        Assert.True(connection.Expect<ChannelFlowOk>(1).Active);
        Assert.Equal("second", connection.ExpectDeliver(1).Text);
    }

    [LevadaFact]
    public void F1_while_the_flow_is_off_messages_go_to_other_consumers()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = D_ChannelCloseTests.Filled(connection, 1);
        connection.Send(1, new BasicConsume(queue, "off", NoAck: true));
        connection.Expect<BasicConsumeOk>(1);
        connection.Send(2, new BasicConsume(queue, "on", NoAck: true));
        connection.Expect<BasicConsumeOk>(2);
        connection.Send(1, new ChannelFlow(false));
        connection.Expect<ChannelFlowOk>(1);
        for (var i = 0; i < 10; i++) connection.Publish(2, "", queue, $"{i}");
        for (var i = 0; i < 10; i++) Assert.Equal($"{i}", connection.ExpectDeliver(2).Text);
    }

    [Fact]
    public void F2_F3_a_flood_is_never_refused_and_gets_no_flow()
    {
        const int Messages = 3000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(connection, 1);
        connection.Send(1, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(1);
        var body = new byte[10_000];
        for (var i = 0; i < Messages; i++) connection.Publish(1, "", queue, body);
        for (ulong confirmed = 0; confirmed < Messages;)
        {
            var ack = connection.Expect<BasicAck>(1);
            confirmed = ack.Multiple ? ack.DeliveryTag : confirmed + 1;
        }
        Assert.Equal((uint)Messages, D_ChannelCloseTests.Count(connection, 1, queue));
        connection.Send(1, new QueueDelete(queue));
        connection.Expect<QueueDeleteOk>(1);
    }

    [Fact]
    public void F6_a_consumer_that_does_not_read_holds_up_nobody_else()
    {
        const int Messages = 2000;
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var (queue, other) = (D_ChannelCloseTests.Filled(publisher, 1), D_ChannelCloseTests.Filled(publisher, 1));
        using var slow = RawConnection.Open(fixture.Broker, receiveBuffer: 4096);
        slow.OpenChannel(1);
        slow.Send(1, new BasicConsume(queue, "slow", NoAck: true));
        slow.Expect<BasicConsumeOk>(1);

        // 20 MB: more than the socket and the broker's buffer for one client hold.
        for (var i = 0; i < Messages; i++) publisher.Publish(1, "", queue, new byte[10_000]);
        publisher.Publish(1, "", other, "of another queue");
        publisher.Send(1, new BasicGet(other, NoAck: true));
        Assert.Equal("of another queue", publisher.ExpectGetOk(1).Text);

        // What the slow one could not take is another's.
        using var fast = RawConnection.OpenWithChannel(fixture.Broker);
        fast.Send(1, new BasicConsume(queue, "fast", NoAck: true));
        fast.Expect<BasicConsumeOk>(1);
        fast.ExpectDeliver(1);
        if (!TestBroker.IsForeign)
            for (var i = 1; i < 1000; i++) fast.ExpectDeliver(1);
    }

    [LevadaFact]
    public void F6_a_slow_channel_takes_no_more_than_its_share_and_nothing_is_lost()
    {
        const int Messages = 1000;
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(publisher, 1);
        using var slow = RawConnection.Open(fixture.Broker, receiveBuffer: 4096);
        slow.OpenChannel(1);
        slow.Send(1, new BasicConsume(queue, "slow", NoAck: true));
        slow.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < Messages; i++)
            publisher.Publish(1, "", queue, [.. BitConverter.GetBytes(i), .. new byte[10_000]]);
        for (var i = 0; i < Messages; i++) Assert.Equal(i, BitConverter.ToInt32(slow.ExpectDeliver(1).Body));
    }

    [LevadaFact]
    public async Task F6_a_client_that_does_not_read_for_longer_than_its_heartbeats_allow_is_dropped()
    {
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(publisher, 1);
        using var stuck = RawConnection.Open(fixture.Broker, new Login(Heartbeat: 1), receiveBuffer: 4096);
        stuck.OpenChannel(1);
        stuck.Send(1, new BasicConsume(queue, "stuck"));
        stuck.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < 2000; i++) publisher.Publish(1, "", queue, new byte[10_000]);
        // It sends its heartbeats all the while, so that only its not reading can be the reason.
        using var alive = new Timer(_ =>
        {
            try
            {
                stuck.SendHeartbeat();
            }
            catch (System.Net.Sockets.SocketException)
            {
                // Dropped, as it should be.
            }
        }, null, 200, 200);
        await fixture.Broker.Log.WaitForAsync(stuck.Name, "client has not read");
        using var next = RawConnection.OpenWithChannel(fixture.Broker);
        next.Send(1, new BasicConsume(queue, "next", NoAck: true));
        next.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < 2000; i++) next.ExpectDeliver(1);
    }
}
