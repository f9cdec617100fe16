using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed partial class K_ConsumerTests(BrokerFixture fixture)
{
    [Fact]
    public void K1_an_empty_consumer_tag_asks_the_server_for_one()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var first = connection.Consume(1, queue);
        var second = connection.Consume(1, queue);
        Assert.Matches("^amq\\.ctag-[A-Za-z0-9_-]{22}$", first);
        Assert.Matches("^amq\\.ctag-[A-Za-z0-9_-]{22}$", second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void K1_two_channels_may_use_the_same_tag()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "same", noAck: true);
        connection.Consume(2, queue, "same", noAck: true);
        connection.Cancel(1, "same");
        connection.Publish(1, "", queue, "x");
        Assert.Equal("same", connection.ExpectDeliver(2).ConsumerTag);
    }

    [Fact]
    public void K1_a_tag_in_use_on_the_channel_is_530_for_the_connection()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a");
        connection.Send(1, new BasicConsume(queue, "a"));
        connection.ExpectConnectionError(
            530, "NOT_ALLOWED - attempt to reuse consumer tag 'a'", MethodId.BasicConsume);
    }

    [Fact]
    public void K1_a_cancelled_tag_may_be_used_again()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        for (var i = 0; i < 3; i++)
        {
            connection.Consume(1, queue, "a");
            connection.Cancel(1, "a");
        }
        connection.Consume(1, queue, "a", noAck: true);
        connection.Publish(1, "", queue, "x");
        Assert.Equal("a", connection.ExpectDeliver(1).ConsumerTag);
    }

    [Fact]
    public void K2_consume_ok_comes_ahead_of_the_first_delivery()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        for (var round = 0; round < 50; round++)
        {
            connection.Fill(queue, "x");
            var tag = connection.Consume(1, queue, noAck: true); // Expects consume-ok and nothing else.
            Assert.Equal(tag, connection.ExpectDeliver(1).ConsumerTag);
            connection.Cancel(1, tag);
        }
    }

    [Fact]
    public void K3_nobody_joins_an_exclusive_consumer()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        using var other = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewSharedQueue(1);
        var text = $"queue '{queue}' in vhost '/' in exclusive use";
        connection.Consume(1, queue, "a", exclusive: true);
        other.Send(1, new BasicConsume(queue, "b"));
        other.ExpectChannelError(1, 403, text, MethodId.BasicConsume);
        other.Send(1, new BasicConsume(queue, "b", Exclusive: true));
        other.ExpectChannelError(1, 403, text, MethodId.BasicConsume);
        connection.Cancel(1, "a");
        other.Consume(1, queue, "b", exclusive: true);
        connection.Delete(1, queue);
        other.Expect<BasicCancel>(1);
    }

    [Fact]
    public void K3_an_exclusive_consumer_joins_nobody()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a");
        connection.Send(2, new BasicConsume(queue, "b", Exclusive: true));
        connection.ExpectChannelError(
            2, 403, $"queue '{queue}' in vhost '/' in exclusive use", MethodId.BasicConsume);
        connection.Cancel(1, "a");
        connection.Consume(2, queue, "b", exclusive: true);
    }

    [Fact]
    public void K3_an_exclusive_consumer_is_refused_where_the_queue_chooses_the_active_one()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.DeclareQueue(
            1, TestBroker.Name("q"), exclusive: true,
            arguments: new FieldTable().Add("x-single-active-consumer", true)).Queue;
        connection.Send(1, new BasicConsume(queue, "a", Exclusive: true));
        connection.ExpectChannelError(1, 403, $"queue '{queue}' in vhost '/' in exclusive use", MethodId.BasicConsume);
    }

    [Fact]
    public void K3_of_several_consumers_the_single_active_one_gets_everything_until_it_goes()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.DeclareQueue(
            1, TestBroker.Name("q"), exclusive: true,
            arguments: new FieldTable().Add("x-single-active-consumer", true)).Queue;
        foreach (ushort channel in (ReadOnlySpan<ushort>)[2, 3])
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, 2);
            connection.Consume(channel, queue, channel == 2 ? "first" : "second");
        }
        for (var i = 0; i < 4; i++) connection.Publish(1, "", queue, $"{i}");
        Assert.Equal("0 first", Next(connection));
        Assert.Equal("1 first", Next(connection));
        Assert.Equal(2u, connection.Count(1, queue)); // The first has no room, yet the second gets nothing.
        connection.Send(2, new BasicAck(1));
        Assert.Equal("2 first", Next(connection));
        connection.Send(2, new ChannelClose(200, "bye", 0, 0));
        // What the first gives back may reach the second before the first hears close-ok.
        var taken = new List<string>();
        for (var closed = false; taken.Count < 2 || !closed;)
        {
            if (connection.Peek().Is<ChannelCloseOk>())
            {
                connection.Expect<ChannelCloseOk>(2);
                closed = true;
                continue;
            }
            taken.Add(Next(connection));
        }
        Assert.Equal(["1 second", "2 second"], taken);
        connection.Send(3, new BasicAck(0, Multiple: true));
        Assert.Equal("3 second", Next(connection));
    }

    [Fact]
    public void K4_the_cancel_of_an_unknown_tag_is_answered()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Cancel(1, "never heard of");
    }

    [Fact]
    public void K4_nothing_is_delivered_after_cancel_ok()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a", noAck: true);
        connection.Cancel(1, "a");
        connection.Publish(1, "", queue, "x");
        connection.ReceiveOne(queue);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [LevadaFact] // RabbitMQ 3.10 ends the connection with an internal error.
    public void K4_a_cancel_amid_deliveries_loses_nothing()
    {
        const int count = 2000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, [.. Enumerable.Range(0, count).Select(i => $"{i}")]);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new BasicConsume(queue, "a", NoAck: true));
            connection.Send(1, new BasicCancel("a"));
        });
        connection.Expect<BasicConsumeOk>(1);
        var seen = 0;
        for (; !connection.Peek().Is<BasicCancelOk>(); seen++)
            Assert.Equal($"{seen}", connection.ExpectDeliver(1).Text);
        connection.Expect<BasicCancelOk>(1);
        var rest = connection.Drain(1, queue).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Enumerable.Range(seen, count - seen).Select(i => $"{i}"), rest);
    }

    [Fact]
    public void K5_the_consumers_of_a_deleted_queue_are_cancelled()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a");
        connection.Send(2, new QueueDelete(queue));
        var cancelled = false;
        var deleted = false;
        while (!cancelled || !deleted)
        {
            if (connection.Peek().Is<QueueDeleteOk>())
            {
                connection.Expect<QueueDeleteOk>(2);
                deleted = true;
                continue;
            }
            var cancel = connection.Expect<BasicCancel>(1);
            Assert.Equal(("a", true), (cancel.ConsumerTag, cancel.NoWait));
            cancelled = true;
        }
        // The tag is free, and a cancel of it that crosses the server's is answered.
        connection.Cancel(1, "a");
        connection.Consume(1, connection.NewQueue(1), "a");
    }

    [Fact]
    public void K5_a_client_that_did_not_announce_it_hears_nothing()
    {
        var login = new Login { ClientProperties = Login.Properties("basic.nack") };
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, login);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "a");
        connection.Send(2, new QueueDelete(queue));
        connection.Expect<QueueDeleteOk>(2);
        connection.Cancel(1, "a");
    }

    [Fact]
    public void K5_the_unacknowledged_messages_of_a_deleted_queue_can_still_be_acknowledged()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, "0", "1");
        connection.Get(1, queue);
        connection.Get(1, queue);
        connection.Send(2, new QueueDelete(queue));
        connection.Expect<QueueDeleteOk>(2);
        connection.Send(1, new BasicAck(1));
        connection.Send(1, new BasicReject(2, Requeue: true));
        connection.NewQueue(1);
        connection.Send(1, new BasicAck(2));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 2", MethodId.BasicAck);
    }

    [Fact]
    public void K6_no_local_is_ignored()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new BasicConsume(queue, "a", NoLocal: true, NoAck: true));
        connection.Expect<BasicConsumeOk>(1);
        connection.Publish(1, "", queue, "x");
        Assert.Equal("x", connection.ExpectDeliver(1).Text);
    }

    [Fact]
    public void K6_the_higher_priority_is_served_while_it_has_room()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        for (ushort channel = 2; channel <= 4; channel++)
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, 2);
        }
        var queue = connection.NewQueue(1);
        connection.Consume(2, queue, "low", arguments: new FieldTable().Add("x-priority", -5));
        connection.Consume(3, queue, "middle");
        connection.Consume(4, queue, "high", arguments: new FieldTable().Add("x-priority", 10));
        for (var i = 0; i < 6; i++) connection.Publish(1, "", queue, $"{i}");
        // Each consumer is on a channel of its own, so only the order within each is certain.
        var seen = Enumerable.Range(0, 6).Select(_ => Next(connection)).Order(StringComparer.Ordinal);
        Assert.Equal(["0 high", "1 high", "2 middle", "3 middle", "4 low", "5 low"], seen);
        connection.Send(4, new BasicAck(1));
        connection.Send(2, new BasicAck(1));
        Assert.Equal(0u, connection.Count(4, queue));
        connection.Publish(1, "", queue, "6");
        Assert.Equal("6 high", Next(connection));
    }

    [Fact]
    public void K6_a_priority_that_is_no_number_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new BasicConsume(queue, "a", Arguments: new FieldTable().Add("x-priority", "high")));
        connection.ExpectChannelError(1, 406, "", MethodId.BasicConsume);
    }
}
