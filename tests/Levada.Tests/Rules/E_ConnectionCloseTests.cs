using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules E1 to E4: how connections end, by the client, by an error, by the socket.</summary>
public sealed class E_ConnectionCloseTests(BrokerFixture fixture)
{
    [Fact]
    public void E1_exclusive_queues_are_gone_before_close_ok()
    {
        var queue = TestBroker.Name("E1");
        for (var round = 0; round < 20; round++)
        {
            using var connection = RawConnection.OpenWithChannel(fixture.Broker);
            connection.Send(1, new QueueDeclare(queue, Exclusive: true));
            Assert.Equal(new QueueDeclareOk(queue, 0, 0), connection.Expect<QueueDeclareOk>(1));
            connection.Publish(1, "", queue, "gone with its queue");
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
            connection.Expect<ConnectionCloseOk>(0);
        }
    }

    [Fact]
    public void E1_what_every_channel_asked_before_is_done_first()
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        using var connection = RawConnection.Open(fixture.Broker);
        string[] queues = [TestBroker.Name("E1"), TestBroker.Name("E1"), TestBroker.Name("E1")];
        connection.InOneWrite(() =>
        {
            for (ushort i = 0; i < 3; i++)
            {
                connection.Send((ushort)(i + 1), new ChannelOpen());
                connection.Send((ushort)(i + 1), new QueueDeclare(queues[i]));
                connection.Publish((ushort)(i + 1), "", queues[i], $"{i}");
            }
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        });
        while (!connection.Receive().Is<ConnectionCloseOk>())
        {
        }
        for (var i = 0; i < 3; i++)
            Assert.Equal([$"{i}"], D_ChannelCloseTests.TakeAll(observer, 1, queues[i]));
    }

    [LevadaFact] // the publishes of others may overtake in RabbitMQ
    public async Task E1_publishes_that_wait_for_credit_are_done_before_close_ok()
    {
        await using var broker = await TestBroker.StartAsync(o => o.PublishCredit = 10_000);
        using var observer = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(observer, 1);
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < 2000; i++) connection.Publish(1, "", queue, new byte[1000]);
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        });
        connection.Expect<ConnectionCloseOk>(0);
        Assert.Equal(2000u, D_ChannelCloseTests.Count(observer, 1, queue));
    }

    [Fact]
    public void E1_what_was_unacknowledged_is_there_again_when_close_ok_comes()
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(observer, 1, "one", "two");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new BasicConsume(queue, "c"));
        connection.Expect<BasicConsumeOk>(1);
        connection.ExpectDeliver(1);
        connection.ExpectDeliver(1);
        connection.Close();
        Assert.Equal(["one", "two"], D_ChannelCloseTests.TakeAll(observer, 1, queue));
    }

    [LevadaFact] // RabbitMQ leaves it to the client
    public void E1_the_server_ends_the_stream_after_close_ok()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        connection.Expect<ConnectionCloseOk>(0);
        connection.ExpectEnd();
    }

    [Fact]
    public void E1_close_ok_reaches_a_client_that_has_much_to_read_before_it()
    {
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(publisher, 1);
        using var connection = RawConnection.Open(fixture.Broker, receiveBuffer: 4096);
        connection.OpenChannel(1);
        connection.Send(1, new BasicConsume(queue, "c", NoAck: true));
        connection.Expect<BasicConsumeOk>(1);
        for (var i = 0; i < 300; i++) publisher.Publish(1, "", queue, new byte[20_000]);
        connection.ExpectDeliver(1);
        connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        RawFrame frame;
        do
        {
            frame = connection.Receive();
            Assert.True(frame.Channel == 1 || frame.Is<ConnectionCloseOk>(), frame.ToString());
        }
        while (frame.Channel == 1);
        publisher.Close();
    }

    [LevadaFact] // in RabbitMQ a channel's error may take a while to reach what reads the socket
    public void E2_after_the_servers_close_everything_is_discarded_but_close_and_close_ok()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var ghost = TestBroker.Name("ghost");
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ChannelOpen());
            connection.Send(2, new QueueDeclare(ghost));
            connection.Send(3, new ChannelOpen());
            connection.Send(0, new ConnectionUpdateSecret([], ""));
            connection.SendHeartbeat();
        });
        connection.ExpectConnectionClose(504, "CHANNEL_ERROR - second 'channel.open' seen", MethodId.ChannelOpen);
        connection.Send(2, new QueueDeclare(ghost));
        connection.Publish(2, "", "nowhere", "x", mandatory: true);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();

        using var other = RawConnection.OpenWithChannel(fixture.Broker);
        other.Send(1, new QueueDeclare(ghost, Passive: true));
        other.ExpectChannelClose(1, 404, "NOT_FOUND", MethodId.QueueDeclare);
    }

    [LevadaFact]
    public void E2_a_client_that_does_not_answer_is_dropped()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker, new Login(Heartbeat: 1));
        connection.Send(1, new ChannelOpen());
        connection.ExpectConnectionClose(504, "CHANNEL_ERROR", MethodId.ChannelOpen);
        connection.ExpectEnd();
    }

    [LevadaFact]
    public async Task E2_while_the_broker_stops_settlements_still_count()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.Send(1, new QueueDeclare("durable", Durable: true));
        connection.Expect<QueueDeclareOk>(1);
        connection.Send(1, new ConfirmSelect());
        connection.Expect<ConfirmSelectOk>(1);
        for (var i = 1; i <= 4; i++)
        {
            connection.Publish(1, "", "durable", $"{i}", new BasicProperties { DeliveryMode = 2 });
            connection.Expect<BasicAck>(1);
        }
        connection.Send(1, new BasicConsume("durable", "c"));
        connection.Expect<BasicConsumeOk>(1);
        for (var i = 1; i <= 4; i++) connection.ExpectDeliver(1);
        var stopped = broker.Broker.StopAsync(TestContext.Current.CancellationToken);
        connection.ExpectConnectionClose(
            320, "CONNECTION_FORCED - broker forced connection closure with reason 'shutdown'", 0);
        connection.Send(1, new BasicAck(2, Multiple: true));
        connection.Send(1, new BasicReject(4, Requeue: false));
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
        await stopped;

        await broker.StopAsync();
        await broker.StartAgainAsync();
        using var next = RawConnection.OpenWithChannel(broker);
        Assert.Equal(["3"], D_ChannelCloseTests.TakeAll(next, 1, "durable"));
    }

    [LevadaFact] // RabbitMQ does not answer the client's close when it is there before its own is sent
    public void E3_crossing_closes_are_answered()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.InOneWrite(() =>
        {
            connection.Send(1, new ChannelOpen());
            connection.Send(0, new ConnectionClose(200, "bye", 0, 0));
        });
        connection.ExpectConnectionClose(504, "CHANNEL_ERROR", MethodId.ChannelOpen);
        connection.Expect<ConnectionCloseOk>(0);
        connection.Send(0, new ConnectionCloseOk());
        connection.ExpectEnd();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task E4_a_connection_that_just_ends_gives_everything_back(bool byReset)
    {
        using var observer = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = D_ChannelCloseTests.Filled(observer, 1, "one", "two");
        var exclusive = TestBroker.Name("E4");
        var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var name = connection.Name;
        connection.Send(1, new QueueDeclare(exclusive, Exclusive: true));
        connection.Expect<QueueDeclareOk>(1);
        connection.Send(1, new BasicGet(queue));
        connection.ExpectGetOk(1);
        if (byReset) connection.Reset();
        else connection.Dispose();

        observer.Send(1, new BasicConsume(queue, "c", NoAck: true));
        observer.Expect<BasicConsumeOk>(1);
        var first = observer.ExpectDeliver(1);
        var second = observer.ExpectDeliver(1);
        // "two" may have been on its way before the end was noticed.
        Assert.Equal(
            [("one", true), ("two", false)],
            ((RawMessage[])[first, second]).Select(m => (m.Text, m.Redelivered)).Order());
        if (TestBroker.IsForeign) return;
        var line = await fixture.Broker.Log.WaitForAsync(name, "client unexpectedly closed TCP connection");
        Assert.Contains("(vhost: '/', user: 'guest')", line, StringComparison.Ordinal);
        Assert.StartsWith("Warning", line, StringComparison.Ordinal);
    }
}
