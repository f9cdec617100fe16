using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class H_RequeueTests(BrokerFixture fixture)
{
    [Fact]
    public void H1_closing_the_channel_puts_messages_back_where_they_were()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2", "3", "4");
        for (var i = 0; i < 3; i++) connection.Get(1, queue);
        connection.Send(1, new BasicAck(2));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal("0* 2* 3 4", connection.Drain(1, queue));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void H1_the_end_of_the_connection_puts_messages_back_where_they_were(bool reset)
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = observer.NewSharedQueue(1);
        observer.Fill(queue, "0", "1", "2", "3");
        using (var connection = RawConnection.OpenWithChannel(fixture.Broker))
        {
            for (var i = 0; i < 3; i++) connection.Get(1, queue);
            connection.Send(1, new BasicAck(2));
            Assert.Equal(1u, connection.Count(1, queue)); // The ack has been dealt with.
            if (reset) connection.Reset();
            else connection.Close();
        }
        WaitForReady(observer, queue, 3);
        Assert.Equal("0* 2* 3", observer.Drain(1, queue));
    }

    [Fact]
    public void H1_nacks_in_any_order_restore_the_order_of_publishing()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2", "3");
        for (var i = 0; i < 3; i++) connection.Get(1, queue);
        connection.Send(1, new BasicNack(2, Requeue: true));
        connection.Send(1, new BasicReject(1, Requeue: true));
        connection.Send(1, new BasicNack(3, Requeue: true));
        Assert.Equal("0* 1* 2* 3", connection.Drain(1, queue));
    }

    [Fact]
    public void H1_a_requeued_message_goes_ahead_of_later_ones_also_when_it_was_requeued_before()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1");
        for (var round = 1ul; round <= 20; round++)
        {
            var message = connection.Get(1, queue);
            Assert.Equal(("0", round > 1), (message.Text, message.Redelivered));
            connection.Send(1, new BasicReject(round, Requeue: true));
        }
        connection.Fill(queue, "2");
        Assert.Equal("0* 1 2", connection.Drain(1, queue));
    }

    [Fact]
    public void H1_reject_without_requeue_drops_the_message()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0", "1", "2");
        for (var i = 0; i < 2; i++) connection.Get(1, queue);
        connection.Send(1, new BasicReject(1, Requeue: false));
        connection.Send(1, new BasicNack(2));
        Assert.Equal("2", connection.Drain(1, queue));
    }

    [Fact]
    public void H1_cancel_and_close_of_many_channels_restores_the_order_of_publishing()
    {
        const int channels = 20, perChannel = 5;
        using var connection = RawConnection.Open(fixture.Broker);
        connection.OpenChannel(1000);
        var queue = connection.NewQueue(1000);
        var bodies = Enumerable.Range(0, channels * perChannel).Select(i => $"{i}").ToArray();
        connection.Fill(queue, bodies);
        for (ushort channel = 1; channel <= channels; channel++)
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, perChannel);
            connection.Consume(channel, queue, $"consumer {channel}");
            for (var i = 0; i < perChannel; i++) connection.ExpectDeliver(channel);
        }
        // Every other one is acknowledged; the channels close in an order that has nothing to do with that.
        for (ushort channel = 1; channel <= channels; channel++)
            for (var tag = 1ul; tag <= perChannel; tag += 2) connection.Send(channel, new BasicAck(tag));
        for (ushort channel = 1; channel <= channels; channel++) connection.Cancel(channel, $"consumer {channel}");
        foreach (var channel in Enumerable.Range(1, channels).OrderBy(c => c * 7919 % 31))
            connection.CloseChannel((ushort)channel);
        var left = bodies.Where((_, i) => i % perChannel % 2 == 1).Select(b => b + "*");
        Assert.Equal(string.Join(' ', left), connection.Drain(1000, queue));
    }

    [Fact]
    public void H1_requeued_messages_go_to_the_next_consumer_in_order()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, "0", "1", "2", "3", "4", "5");
        connection.Qos(1, 4);
        connection.Consume(1, queue, "first");
        connection.ExpectDeliveries(1, "0", "1", "2", "3");
        connection.Consume(2, queue, "second");
        connection.ExpectDeliveries(2, "4", "5");
        connection.Send(1, new ChannelClose(200, "bye", 0, 0));
        // Deliveries to channel 2 may come before or after close-ok of channel 1.
        var seen = new List<string>();
        var closed = false;
        while (seen.Count < 4 || !closed)
        {
            if (connection.Peek().Is<ChannelCloseOk>())
            {
                connection.Expect<ChannelCloseOk>(1);
                closed = true;
                continue;
            }
            var message = connection.ExpectDeliver(2);
            Assert.True(message.Redelivered);
            seen.Add(message.Text);
        }
        Assert.Equal(["0", "1", "2", "3"], seen);
    }

    [Fact]
    public void H2_redelivered_is_set_although_the_client_never_saw_the_message()
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = observer.NewSharedQueue(1);
        observer.Fill(queue, "0", "1", "2");
        using (var connection = RawConnection.OpenWithChannel(fixture.Broker))
        {
            connection.Qos(1, 2);
            connection.Consume(1, queue);
            // The deliveries are in the socket or on the way to it, unread, when the connection dies.
            WaitForReady(observer, queue, 1);
            connection.Reset();
        }
        WaitForReady(observer, queue, 3);
        Assert.Equal("0* 1* 2", observer.Drain(1, queue));
    }

    [Fact]
    public void H2_a_message_that_nobody_had_is_not_redelivered()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "0");
        connection.Get(1, queue);
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        connection.Fill(queue, "1");
        Assert.Equal("0* 1", connection.Drain(1, queue));
    }

    [Fact]
    public async Task H3_redelivered_survives_a_restart()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        var persistent = new BasicProperties { DeliveryMode = 2 };
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareQueue(1, "kept", durable: true);
            connection.Fill("kept", persistent, "0", "1", "2", "3");
            for (var i = 0; i < 3; i++) connection.Get(1, "kept");
            connection.Send(1, new BasicAck(1));
            connection.Send(1, new BasicReject(2, Requeue: true));
            Assert.Equal(2u, connection.Count(1, "kept"));
        }
        await broker.StopAsync();
        await broker.StartAgainAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
            Assert.Equal("1* 2* 3", connection.Drain(1, "kept"));
    }

    [Fact]
    public void H4_a_requeued_message_is_the_same_but_for_the_flag()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = connection.NewExchange(1, "fanout");
        var queue = connection.NewQueue(1);
        var other = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        connection.Bind(1, other, exchange);
        connection.SelectConfirms(1);
        var properties = new BasicProperties
        {
            Headers = new FieldTable().Add("k", "v"), DeliveryMode = 2, MessageId = "m", Timestamp = 7,
        };
        connection.Publish(1, exchange, "key", "body", properties);
        connection.ExpectConfirms(1, 1);
        connection.Get(1, queue);
        connection.Send(1, new BasicReject(1, Requeue: true));

        var message = connection.Get(1, queue);
        Assert.Equal((exchange, "key", "body", true),
            (message.Exchange, message.RoutingKey, message.Text, message.Redelivered));
        Assert.Equal(properties.ToBytes(), message.Properties.ToBytes());
        // Neither routed again nor confirmed again.
        Assert.Equal("body", connection.Drain(1, other));
        Assert.Equal(0u, connection.Count(1, queue));
    }

    // A peer's end is dealt with when the broker hears of it: ask the queue until it shows.
    private static void WaitForReady(RawConnection connection, string queue, uint count)
    {
        var deadline = Environment.TickCount64 + (long)RawConnection.Patience.TotalMilliseconds;
        while (connection.Count(1, queue) != count)
            Assert.True(Environment.TickCount64 < deadline,
                $"{queue} has {connection.Count(1, queue)} ready, not {count}");
    }
}
