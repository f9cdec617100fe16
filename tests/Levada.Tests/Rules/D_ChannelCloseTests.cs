using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules D7 to D12: who closes a channel when, and what still counts.</summary>
public sealed class D_ChannelCloseTests(BrokerFixture fixture)
{
    private const ushort Filler = 64_000;

    [Fact]
    public void D7_what_came_before_the_close_is_done_in_order()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var (queue, bound) = (TestBroker.Name("D7"), TestBroker.Name("D7-bound"));
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare(queue));
            connection.Publish(1, "", queue, "one");
            connection.Publish(1, "", queue, "two");
            connection.Send(1, new QueueDeclare(bound));
            connection.Send(1, new QueueBind(bound, "amq.direct", queue));
            connection.Publish(1, "amq.direct", queue, "three");
            connection.Send(1, new ChannelClose(200, "", 0, 0));
        });
        connection.Expect<QueueDeclareOk>(1);
        connection.Expect<QueueDeclareOk>(1);
        connection.Expect<QueueBindOk>(1);
        connection.Expect<ChannelCloseOk>(1);
        connection.OpenChannel(1);
        Assert.Equal(["one", "two"], TakeAll(connection, 1, queue));
        Assert.Equal(["three"], TakeAll(connection, 1, bound));
    }

    [Fact]
    public void D7_an_ack_before_the_close_counts()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Filled(connection, 1, "one", "two");
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new BasicAck(1));
            connection.Send(1, new ChannelClose(200, "", 0, 0));
        });
        connection.Expect<ChannelCloseOk>(1);
        connection.OpenChannel(1);
        connection.Send(1, new BasicGet(queue));
        var next = connection.ExpectGetOk(1);
        Assert.Equal(("two", false, 1ul), (next.Text, next.Redelivered, next.DeliveryTag));
    }

    [Fact]
    public void D7_consumers_end_and_unacknowledged_messages_go_back()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = Filled(connection, 1, "one", "two");
        connection.Send(1, new BasicConsume(queue, "c"));
        connection.Expect<BasicConsumeOk>(1);
        connection.ExpectDeliver(1);
        connection.ExpectDeliver(1);
        connection.CloseChannel(1);
        connection.Send(2, new QueueDeclare(queue, Passive: true));
        Assert.Equal(new QueueDeclareOk(queue, 2, 0), connection.Expect<QueueDeclareOk>(2));
        connection.Send(2, new BasicGet(queue));
        Assert.Equal(("one", true), (connection.ExpectGetOk(2) is var m ? m.Text : "", m.Redelivered));
    }

    [Fact]
    public void D7_an_uncommitted_transaction_is_gone()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = Filled(connection, 2, "kept");
        connection.Send(1, new TxSelect());
        connection.Expect<TxSelectOk>(1);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        connection.Send(1, new BasicAck(1));
        connection.Publish(1, "", queue, "not committed");
        connection.CloseChannel(1);
        connection.OpenChannel(1); // not transactional any more
        connection.Publish(1, "", queue, "at once");
        Assert.Equal(["kept", "at once"], TakeAll(connection, 1, queue));
    }

    [LevadaFact] // RabbitMQ says 505
    public void D7_content_that_is_not_whole_goes_with_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.Send(1, new QueueDeclare("missing", Passive: true));
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        connection.SendPublishMethod(1, "", "nowhere"); // on a channel that is closing
        connection.SendHeader(1, 100);
        connection.SendBody(1, new byte[50]);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        C_FrameTests.RoundTrip(connection, 1, "a message of its own");
        connection.CloseChannel(2);
    }

    [Fact]
    public void D8_after_the_servers_close_everything_is_discarded_but_close_and_close_ok()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = Filled(connection, 2, "one");
        var ghost = TestBroker.Name("ghost");
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("missing", Passive: true));
            connection.Send(1, new QueueDeclare(ghost));
            connection.Publish(1, "", queue, "discarded");
            connection.Send(1, new BasicAck(1));
            connection.Send(1, new ConfirmSelect());
            connection.Send(1, new QueuePurge(queue));
            connection.Send(1, new ExchangeDeclare(ghost, "fanout"));
            connection.Send(1, new ChannelFlow(true));
        });
        connection.ExpectChannelClose(
            1, 404, "NOT_FOUND - no queue 'missing' in vhost '/'", MethodId.QueueDeclare);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        Assert.Equal(1u, Count(connection, 2, queue)); // not acknowledged, not purged, none more
        connection.Send(1, new QueueDeclare(ghost, Passive: true));
        connection.ExpectChannelClose(1, 404, "NOT_FOUND - no queue 'ghost", MethodId.QueueDeclare);
        connection.Send(2, new ExchangeDeclare(ghost, "fanout", Passive: true));
        connection.ExpectChannelClose(2, 404, "NOT_FOUND - no exchange 'ghost", MethodId.ExchangeDeclare);
    }

    [Fact]
    public void D8_other_channels_go_on_consuming_while_one_dies()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        connection.OpenChannel(3);
        var queue = Filled(connection, 2);
        connection.Send(2, new BasicConsume(queue, "c", NoAck: true));
        connection.Expect<BasicConsumeOk>(2);
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < 100; i++) connection.Publish(3, "", queue, "before");
            connection.Send(1, new QueueDeclare("missing", Passive: true));
            for (var i = 0; i < 100; i++) connection.Publish(3, "", queue, "after");
        });
        int delivered = 0, closed = 0;
        while (delivered < 200 || closed < 1)
        {
            if (connection.Peek().Channel == 1)
            {
                connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
                closed++;
            }
            else
            {
                Assert.Equal((ulong)++delivered, connection.ExpectDeliver(2).DeliveryTag);
            }
        }
    }

    [Fact]
    public void D9_crossing_closes_are_both_answered()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("missing", Passive: true));
            connection.Send(1, new ChannelClose(200, "", 0, 0));
        });
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        connection.Expect<ChannelCloseOk>(1);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        connection.CloseChannel(1);
    }

    [LevadaFact]
    public void D9_crossing_closes_are_over_without_the_clients_close_ok()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("missing", Passive: true));
            connection.Send(1, new ChannelClose(200, "", 0, 0));
            connection.Send(1, new ChannelOpen());
        });
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        connection.Expect<ChannelCloseOk>(1);
        connection.Expect<ChannelOpenOk>(1);
        C_FrameTests.RoundTrip(connection, 1, "a new channel");
    }

    [LevadaFact]
    public void D9_a_close_ok_that_comes_after_all_does_not_hurt_the_next_channel()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new QueueDeclare("missing", Passive: true));
            connection.Send(1, new ChannelClose(200, "", 0, 0));
        });
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        connection.Expect<ChannelCloseOk>(1);
        connection.Send(1, new ChannelCloseOk());
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
    }

    [Fact]
    public void D10_open_before_the_close_ok_is_504()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new QueueDeclare("missing", Passive: true));
        connection.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
        connection.Send(1, new ChannelOpen());
        connection.ExpectConnectionError(504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.ChannelOpen);
    }

    [Fact]
    public void D11_a_close_ok_that_nobody_asked_for_is_503()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ChannelCloseOk());
        connection.ExpectConnectionError(503, "COMMAND_INVALID - ", MethodId.ChannelCloseOk);
    }

    [LevadaFact] // RabbitMQ says it too, unless the method comes while it is still closing
    public void D12_a_method_after_the_clients_own_close_is_504()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ChannelClose(200, "", 0, 0));
            connection.Send(1, new QueueDeclare("D12", AutoDelete: true));
        });
        connection.Expect<ChannelCloseOk>(1);
        connection.ExpectConnectionError(504, "CHANNEL_ERROR - expected 'channel.open'", MethodId.QueueDeclare);
    }

    [LevadaFact]
    public void D12_late_settlements_and_a_second_close_are_let_pass()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Filled(connection, 1, "one");
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ChannelClose(200, "", 0, 0));
            connection.Send(1, new BasicAck(1));
            connection.Send(1, new BasicNack(1));
            connection.Send(1, new BasicReject(1, false));
            connection.Send(1, new BasicCancel("c"));
            connection.Send(1, new ChannelClose(200, "", 0, 0));
            connection.Send(1, new ChannelOpen());
        });
        connection.Expect<ChannelCloseOk>(1);
        connection.Expect<ChannelCloseOk>(1);
        connection.Expect<ChannelOpenOk>(1);
        Assert.Equal(1u, Count(connection, 1, queue));
    }

    /// <summary>A new queue with these messages in it, each of them confirmed.</summary>
    internal static string Filled(RawConnection connection, ushort channel, params string[] bodies)
    {
        var queue = TestBroker.Name("D");
        connection.Send(channel, new QueueDeclare(queue));
        connection.Expect<QueueDeclareOk>(channel);
        if (bodies.Length == 0) return queue;
        connection.OpenChannel(Filler);
        connection.Send(Filler, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(Filler);
        foreach (var body in bodies)
        {
            connection.Publish(Filler, "", queue, body);
            connection.Expect<BasicAck>(Filler);
        }
        connection.CloseChannel(Filler);
        return queue;
    }

    /// <summary>Everything that is ready in the queue, taken out of it.</summary>
    internal static List<string> TakeAll(RawConnection connection, ushort channel, string queue)
    {
        var texts = new List<string>();
        while (true)
        {
            connection.Send(channel, new BasicGet(queue, NoAck: true));
            if (connection.Peek().Is<BasicGetEmpty>())
            {
                connection.Expect<BasicGetEmpty>(channel);
                return texts;
            }
            texts.Add(connection.ExpectGetOk(channel).Text);
        }
    }

    internal static uint Count(RawConnection connection, ushort channel, string queue)
    {
        connection.Send(channel, new QueueDeclare(queue, Passive: true));
        return connection.Expect<QueueDeclareOk>(channel).MessageCount;
    }
}
