using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

public sealed class G_DeliveryTagTests(BrokerFixture fixture)
{
    public enum Settling
    {
        Ack,
        Reject,
        Nack,
    }

    public static TheoryData<Settling> Each => [Settling.Ack, Settling.Reject, Settling.Nack];

    [Fact]
    public void G1_each_channel_counts_its_own_deliveries()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        Assert.Equal(1ul, connection.Get(1, queue).DeliveryTag);
        Assert.Equal(1ul, connection.Get(2, queue).DeliveryTag);
        Assert.Equal(2ul, connection.Get(1, queue).DeliveryTag);
    }

    [Fact]
    public void G1_the_last_declared_queue_belongs_to_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.NewQueue(1);
        connection.Send(2, new BasicGet(""));
        connection.ExpectChannelError(2, 404, "no previously declared queue", MethodId.BasicGet);
        connection.GetNothing(1, "");
    }

    [Fact]
    public void G1_a_reopened_channel_starts_anew()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b");
        Assert.Equal(1ul, connection.Get(1, queue).DeliveryTag);
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal(1ul, connection.Get(1, queue).DeliveryTag);
        connection.Send(1, new BasicGet(""));
        connection.ExpectChannelError(1, 404, "no previously declared queue", MethodId.BasicGet);
    }

    [Fact]
    public void G2_tags_count_every_delivery_and_get_with_and_without_ack()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        Assert.Equal(1ul, connection.Get(1, queue, noAck: true).DeliveryTag);
        Assert.Equal(2ul, connection.Get(1, queue).DeliveryTag);
        connection.Consume(1, queue, noAck: true);
        Assert.Equal(3ul, connection.ExpectDeliver(1).DeliveryTag);
        connection.Publish(1, "", queue, "d");
        Assert.Equal(4ul, connection.ExpectDeliver(1).DeliveryTag);
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void G3_a_tag_means_nothing_on_another_channel(Settling settling)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a");
        var tag = connection.Get(1, queue).DeliveryTag;
        Send(connection, 2, settling, tag);
        connection.ExpectChannelError(2, 406, $"unknown delivery tag {tag}", Method(settling));
        Assert.Equal(0u, connection.Count(1, queue));
        Send(connection, 1, settling, tag);
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void G4_an_unknown_tag_is_406(Settling settling)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        Send(connection, 1, settling, 99);
        connection.ExpectChannelError(1, 406, "unknown delivery tag 99", Method(settling));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void G4_settling_twice_is_406(Settling settling)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "got", "consumed");
        Send(connection, 1, settling, connection.Get(1, queue).DeliveryTag);
        Send(connection, 1, settling, 1);
        connection.ExpectChannelError(1, 406, "unknown delivery tag 1", Method(settling));

        connection.Consume(1, queue);
        var tag = connection.ExpectDeliver(1).DeliveryTag;
        Send(connection, 1, settling, tag);
        Send(connection, 1, settling, tag);
        connection.ExpectChannelError(1, 406, $"unknown delivery tag {tag}", Method(settling));
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void G4_settling_a_delivery_without_ack_is_406(Settling settling)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "got", "consumed");
        Assert.Equal(1ul, connection.Get(1, queue, noAck: true).DeliveryTag);
        Send(connection, 1, settling, 1);
        connection.ExpectChannelError(1, 406, "unknown delivery tag 1", Method(settling));

        connection.Consume(1, queue, noAck: true);
        Assert.Equal(1ul, connection.ExpectDeliver(1).DeliveryTag);
        Send(connection, 1, settling, 1);
        connection.ExpectChannelError(1, 406, "unknown delivery tag 1", Method(settling));
    }

    [Theory]
    [MemberData(nameof(Each))]
    public void G4_tag_0_alone_is_406(Settling settling)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a");
        connection.Get(1, queue);
        Send(connection, 1, settling, 0);
        connection.ExpectChannelError(1, 406, "unknown delivery tag 0", Method(settling));
        Assert.Equal("a*", connection.Drain(1, queue));
    }

    [Fact]
    public void G5_ack_0_multiple_settles_all_that_is_outstanding()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        connection.Get(1, queue);
        connection.Get(1, queue);
        connection.Send(1, new BasicAck(0, Multiple: true));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal("c", connection.Drain(1, queue));
    }

    [Fact]
    public void G5_nack_0_multiple_gives_all_that_is_outstanding_back()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        connection.Get(1, queue);
        connection.Get(1, queue);
        connection.Send(1, new BasicNack(0, Multiple: true, Requeue: true));
        Assert.Equal("a* b* c", connection.Drain(1, queue));
    }

    [Fact]
    public void G5_tag_0_multiple_with_nothing_outstanding_is_no_error()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Send(1, new BasicAck(0, Multiple: true));
        connection.Send(1, new BasicNack(0, Multiple: true, Requeue: true));
        connection.Send(1, new BasicNack(0, Multiple: true));
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Fact]
    public void G5_ack_multiple_settles_up_to_its_tag()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c", "d");
        for (var i = 0; i < 4; i++) connection.Get(1, queue);
        connection.Send(1, new BasicAck(2));
        connection.Send(1, new BasicAck(3, Multiple: true));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal("d*", connection.Drain(1, queue));
    }

    [Fact]
    public void G6_ack_multiple_of_unknown_tag_is_406_and_settles_nothing()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        for (var i = 0; i < 3; i++) connection.Get(1, queue);
        connection.Send(1, new BasicAck(3));
        connection.Send(1, new BasicAck(3, Multiple: true));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 3", MethodId.BasicAck);
        Assert.Equal("a* b*", connection.Drain(1, queue));
    }

    [Fact]
    public void G6_a_multiple_tag_beyond_the_counter_is_406_and_settles_nothing()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b");
        for (var i = 0; i < 2; i++) connection.Get(1, queue);
        connection.Send(1, new BasicNack(3, Multiple: true));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 3", MethodId.BasicNack);
        Assert.Equal("a* b*", connection.Drain(1, queue));
        connection.Send(1, new BasicAck(ulong.MaxValue, Multiple: true));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 18446744073709551615", MethodId.BasicAck);
    }

    [Fact]
    public void G7_acks_count_when_the_channel_closes_in_the_same_write()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, [.. Enumerable.Range(0, 50).Select(i => $"{i}")]);
        connection.Consume(1, queue);
        for (var i = 0; i < 50; i++) connection.ExpectDeliver(1);
        connection.InOneWrite(() =>
        {
            for (var tag = 1ul; tag <= 49; tag++) connection.Send(1, new BasicAck(tag));
            connection.Send(1, new ChannelClose(200, "bye", 0, 0));
        });
        connection.Expect<ChannelCloseOk>(1);
        Assert.Equal("49*", connection.Drain(2, queue));
    }

    [Fact]
    public void G8_the_deliveries_of_a_cancelled_consumer_stay_outstanding()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        connection.Qos(1, 3);
        var tag = connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "a", "b", "c");
        connection.Cancel(1, tag);
        Assert.Equal(0u, connection.Count(1, queue));
        connection.Send(1, new BasicAck(1));
        connection.Send(1, new BasicReject(2, Requeue: true));
        Assert.Equal("b*", connection.Drain(1, queue));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        Assert.Equal("c*", connection.Drain(1, queue));
    }

    [Fact]
    public void G9_recover_requeues_everything_outstanding()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b", "c");
        connection.Get(1, queue);
        connection.Get(1, queue);
        connection.Send(1, new BasicAck(1));
        connection.Send(1, new BasicRecover(Requeue: true));
        connection.Expect<BasicRecoverOk>(1);
        Assert.Equal("b* c", connection.Drain(1, queue));
        connection.Send(1, new BasicAck(2));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 2", MethodId.BasicAck);
    }

    [Fact]
    public void G9_recover_of_a_consumers_messages_delivers_them_again_with_new_tags()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b");
        connection.Consume(1, queue);
        connection.ExpectDeliveries(1, "a", "b");
        connection.Send(1, new BasicRecover(Requeue: true));
        var seen = new List<string>();
        for (var replied = false; seen.Count < 2 || !replied;)
        {
            // The requeued messages may overtake recover-ok or follow it.
            if (connection.Peek().Is<BasicRecoverOk>())
            {
                connection.Expect<BasicRecoverOk>(1);
                replied = true;
                continue;
            }
            var message = connection.ExpectDeliver(1);
            seen.Add($"{message.Text}{message.DeliveryTag}{(message.Redelivered ? "*" : "")}");
        }
        Assert.Equal(["a3*", "b4*"], seen);
    }

    [LevadaFact]
    public void G9_recover_without_requeue_delivers_again_to_the_same_consumer()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b");
        connection.Qos(1, 2);
        connection.Consume(1, queue, "one");
        connection.ExpectDeliveries(1, "a", "b");
        connection.Consume(2, queue, "other");
        connection.Send(1, new BasicRecover(Requeue: false));
        connection.Expect<BasicRecoverOk>(1);
        foreach (var body in new[] { "a", "b" })
        {
            var message = connection.ExpectDeliver(1);
            Assert.Equal((body, "one", true), (message.Text, message.ConsumerTag, message.Redelivered));
        }
        Assert.Equal(0u, connection.Count(2, queue));
    }

    [Fact]
    public void G9_recover_async_requeues_without_a_reply()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a");
        connection.Get(1, queue);
        connection.Send(1, new BasicRecoverAsync(Requeue: true));
        Assert.Equal("a*", connection.Drain(1, queue));
    }

    [Fact]
    public void G10_deliveries_without_ack_are_never_outstanding()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.Fill(queue, "a", "b");
        connection.Get(1, queue, noAck: true);
        connection.Consume(1, queue, noAck: true);
        connection.ExpectDeliver(1);
        connection.Send(1, new BasicRecover(Requeue: true));
        connection.Expect<BasicRecoverOk>(1);
        connection.Send(1, new BasicNack(0, Multiple: true, Requeue: true));
        connection.CloseChannel(1);
        connection.OpenChannel(1);
        connection.GetNothing(1, queue);
    }

    [LevadaFact]
    public void G11_get_from_a_quorum_queue_with_a_single_active_consumer_is_405()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var arguments = new FieldTable().Add("x-queue-type", "quorum").Add("x-single-active-consumer", true);
        var queue = connection.DeclareQueue(1, TestBroker.Name("q"), durable: true, arguments: arguments).Queue;
        connection.Send(1, new BasicGet(queue));
        connection.ExpectChannelError(
            1, 405, $"cannot obtain access to locked queue '{queue}' in vhost '/'. basic.get operations are not "
            + "supported by quorum queues with single active consumer", MethodId.BasicGet);
        connection.Delete(1, queue);
    }

    private static void Send(RawConnection connection, ushort channel, Settling settling, ulong tag)
    {
        if (settling == Settling.Ack) connection.Send(channel, new BasicAck(tag));
        else if (settling == Settling.Reject) connection.Send(channel, new BasicReject(tag, Requeue: false));
        else connection.Send(channel, new BasicNack(tag));
    }

    private static uint Method(Settling settling) => settling switch
    {
        Settling.Ack => MethodId.BasicAck,
        Settling.Reject => MethodId.BasicReject,
        _ => MethodId.BasicNack,
    };
}
