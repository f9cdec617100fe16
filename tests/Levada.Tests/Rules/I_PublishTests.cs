using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class I_PublishTests(BrokerFixture fixture)
{
    [Fact]
    public void I1_a_missing_exchange_is_404_and_what_follows_is_discarded()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        var missing = TestBroker.Name("missing");
        connection.InOneWrite(() =>
        {
            connection.Publish(1, missing, "k", "lost");
            connection.Publish(1, "", queue, "discarded");
            connection.Send(1, new QueueDeclare(queue, Passive: true));
        });
        connection.ExpectChannelError(1, 404, $"no exchange '{missing}' in vhost '/'", MethodId.BasicPublish);
        Assert.Equal(0u, connection.Count(2, queue));
    }

    [Fact]
    public void I1_the_publishes_before_the_mistake_count()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < 3; i++) connection.Publish(1, "", queue, $"{i}");
            connection.Publish(1, TestBroker.Name("missing"), "k", "lost");
        });
        connection.ExpectChannelClose(1, 404, "NOT_FOUND - no exchange", MethodId.BasicPublish);
        connection.Send(1, new ChannelCloseOk());
        Assert.Equal("0 1 2", connection.Drain(2, queue));
    }

    [Fact]
    public void I2_an_internal_exchange_is_403()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = connection.NewExchange(1, "fanout", @internal: true);
        connection.Publish(1, exchange, "k", "x");
        connection.ExpectChannelError(
            1, 403, $"cannot publish to internal exchange '{exchange}' in vhost '/'", MethodId.BasicPublish);
    }

    [Fact]
    public void I3_a_mandatory_message_that_nobody_takes_comes_back_as_it_was()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = connection.NewExchange(1, "topic");
        var properties = new BasicProperties
        {
            ContentType = "text/plain", DeliveryMode = 2, Headers = new FieldTable().Add("n", 5), CorrelationId = "c",
        };
        connection.Publish(1, exchange, "no.one", new string('x', 200_000), properties, mandatory: true);
        var returned = connection.ExpectReturn(1);
        Assert.Equal((312, "NO_ROUTE"), (returned.ReplyCode, returned.ReplyText));
        Assert.Equal((exchange, "no.one"), (returned.Exchange, returned.RoutingKey));
        Assert.Equal(properties.ToBytes(), returned.Properties.ToBytes());
        Assert.Equal(new string('x', 200_000), returned.Text);

        var queue = connection.NewQueue(1);
        connection.Publish(1, exchange, "no.one", "dropped");
        connection.Publish(1, "", queue, "taken", mandatory: true);
        Assert.Equal("taken", connection.Get(1, queue).Text);
    }

    [Fact]
    public void I3_the_ack_follows_the_return()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        connection.Publish(1, "", TestBroker.Name("nowhere"), "x", mandatory: true);
        Assert.Equal("x", connection.ExpectReturn(1).Text);
        Assert.Equal(1ul, connection.Expect<BasicAck>(1).DeliveryTag);
        connection.Publish(1, "", TestBroker.Name("nowhere"), "y");
        Assert.Equal(2ul, connection.Expect<BasicAck>(1).DeliveryTag);
    }

    [LevadaFact]
    public void I3_an_immediate_message_without_a_ready_consumer_comes_back()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "nobody", immediate: true);
        var returned = connection.ExpectReturn(1);
        Assert.Equal((313, "NO_CONSUMERS", "nobody"), (returned.ReplyCode, returned.ReplyText, returned.Text));
        Assert.Equal(0u, connection.Count(1, queue));

        connection.Qos(2, 1);
        connection.Consume(2, queue);
        connection.Publish(1, "", queue, "taken", immediate: true);
        Assert.Equal("taken", connection.ExpectDeliver(2).Text);
        connection.Publish(1, "", queue, "no room", immediate: true);
        Assert.Equal("no room", connection.ExpectReturn(1).Text);
        connection.Send(2, new BasicAck(1));
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [LevadaFact]
    public void I3_one_ready_consumer_among_the_queues_is_enough_for_an_immediate_message()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var exchange = connection.NewExchange(1, "fanout");
        connection.Bind(1, connection.NewQueue(1), exchange);
        var busy = connection.NewQueue(1);
        connection.Bind(1, busy, exchange);
        connection.Consume(2, busy, noAck: true);
        connection.Publish(1, exchange, "", "x", immediate: true);
        Assert.Equal("x", connection.ExpectDeliver(2).Text);
    }

    [LevadaFact]
    public void I3_an_immediate_message_is_confirmed_after_its_return()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.SelectConfirms(1);
        connection.Publish(1, "", queue, "nobody", immediate: true);
        Assert.Equal(313, connection.ExpectReturn(1).ReplyCode);
        connection.ExpectConfirms(1, 1);
    }

    [Fact]
    public void I4_confirm_select_may_come_again_and_numbering_goes_on()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Publish(1, "", queue, "before select: no number");
        connection.SelectConfirms(1);
        connection.Publish(1, "", queue, "first");
        connection.ExpectConfirms(1, 1);
        connection.SelectConfirms(1);
        connection.Publish(1, "", queue, "second");
        connection.ExpectConfirms(1, 1, first: 2);
    }

    [Fact]
    public void I4_confirm_select_without_waiting_has_no_reply()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ConfirmSelect(NoWait: true));
        connection.Publish(1, "", TestBroker.Name("nowhere"), "x");
        connection.ExpectConfirms(1, 1);
    }

    [Fact]
    public async Task I4_each_of_10000_pipelined_messages_is_resolved_exactly_once()
    {
        const int count = 10_000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        var queue = connection.DeclareQueue(1, durable: true, exclusive: true).Queue;
        var nowhere = TestBroker.Name("nowhere");
        var persistent = new BasicProperties { DeliveryMode = 2 };
        var sender = Task.Run(() => connection.InOneWrite(() =>
        {
            // Persistent, transient and unroutable ones in an irregular mix: their confirms are due at different times.
            for (var i = 1; i <= count; i++)
            {
                var lost = i % 7 == 3;
                connection.Publish(
                    1, "", lost ? nowhere : queue, $"{i}", i % 5 < 2 ? persistent : null, mandatory: lost);
            }
        }), TestContext.Current.CancellationToken);
        var open = Enumerable.Range(1, count).Select(i => (ulong)i).ToHashSet();
        var returned = new HashSet<ulong>();
        while (open.Count > 0)
        {
            if (connection.Peek().Is<BasicReturn>())
            {
                var tag = ulong.Parse(connection.ExpectReturn(1).Text, null);
                Assert.True(open.Contains(tag), $"message {tag} was confirmed before its return");
                Assert.True(returned.Add(tag), $"message {tag} came back twice");
                continue;
            }
            var ack = connection.Expect<BasicAck>(1);
            var settled = ack.Multiple
                ? open.RemoveWhere(tag => tag <= ack.DeliveryTag)
                : open.Remove(ack.DeliveryTag) ? 1 : 0;
            Assert.True(settled > 0, $"{ack} confirms nothing that was open");
        }
        await sender;
        Assert.Equal(Enumerable.Range(1, count).Count(i => i % 7 == 3), returned.Count);
        Assert.Equal((uint)(count - returned.Count), connection.Count(1, queue));
    }

    [LevadaFact]
    public void I5_confirms_resolve_strictly_in_the_order_of_their_tags()
    {
        const int count = 1000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        var queue = connection.DeclareQueue(1, durable: true, exclusive: true).Queue;
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < count; i++)
                connection.Publish(1, "", i % 3 == 0 ? queue : "nowhere", "x",
                    new BasicProperties { DeliveryMode = 2 });
        });
        var resolved = 0ul;
        while (resolved < count)
        {
            var ack = connection.Expect<BasicAck>(1);
            Assert.True(ack.Multiple ? ack.DeliveryTag > resolved : ack.DeliveryTag == resolved + 1,
                $"{ack} after {resolved}");
            resolved = ack.DeliveryTag;
        }
        Assert.Equal((ulong)count, resolved);
    }

    [Fact]
    public void I6_messages_whose_queue_is_deleted_under_way_are_acked()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.SelectConfirms(1);
        var queue = connection.DeclareQueue(2, TestBroker.Name("doomed"), durable: true).Queue;
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < 100; i++)
                connection.Publish(1, "", queue, "x", new BasicProperties { DeliveryMode = 2 });
            connection.Send(2, new QueueDelete(queue));
        });
        var confirmed = new HashSet<ulong>();
        var deleted = false;
        while (confirmed.Count < 100 || !deleted)
        {
            if (connection.Peek().Is<QueueDeleteOk>())
            {
                connection.Expect<QueueDeleteOk>(2);
                deleted = true;
                continue;
            }
            var ack = connection.Expect<BasicAck>(1);
            for (var tag = ack.Multiple ? 1 : ack.DeliveryTag; tag <= ack.DeliveryTag; tag++) confirmed.Add(tag);
        }
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public void I7_a_message_is_acked_without_further_traffic(bool durable, byte deliveryMode)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        var queue = connection.DeclareQueue(1, durable: durable, exclusive: true).Queue;
        for (var i = 1ul; i <= 20; i++)
        {
            connection.Publish(1, "", queue, "x", new BasicProperties { DeliveryMode = deliveryMode });
            Assert.Equal(i, connection.Expect<BasicAck>(1).DeliveryTag);
        }
    }

    [Fact]
    public void I7_a_message_for_several_queues_is_acked_once()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.SelectConfirms(1);
        var exchange = connection.NewExchange(1, "fanout");
        var queues = Enumerable.Range(0, 5)
            .Select(i => connection.DeclareQueue(1, durable: i % 2 == 0, exclusive: true).Queue).ToArray();
        foreach (var queue in queues) connection.Bind(1, queue, exchange);
        for (var i = 1ul; i <= 10; i++)
        {
            connection.Publish(1, exchange, "", $"{i}", new BasicProperties { DeliveryMode = 2 });
            Assert.Equal(i, connection.Expect<BasicAck>(1).DeliveryTag);
        }
        foreach (var queue in queues) Assert.Equal("1 2 3 4 5 6 7 8 9 10", connection.Drain(1, queue));
    }

    [Fact]
    public async Task I7_what_was_confirmed_outlives_the_broker()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareQueue(1, "kept", durable: true);
            connection.DeclareQueue(1, "lost");
            connection.Fill("kept", new BasicProperties { DeliveryMode = 2 }, "0", "1");
            connection.Fill("kept", "transient");
            connection.Fill("kept", new BasicProperties { DeliveryMode = 2 }, "2");
        }
        await broker.StopAsync();
        await broker.StartAgainAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            Assert.Equal("0 1 2", connection.Drain(1, "kept"));
            connection.Send(1, new QueueDeclare("lost", Passive: true));
            connection.ExpectChannelError(1, 404, "no queue 'lost' in vhost '/'", MethodId.QueueDeclare);
        }
    }
}
