using Levada.Amqp;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Rules L2, L4, L5, L11: what the broker tells of connections and channels is true at that moment.</summary>
public sealed class L_AccountingTests(BrokerFixture fixture)
{
    [LevadaFact]
    public void L4_every_operation_of_a_channel_is_counted_once_there_and_on_its_connection()
    {
        Assert.SkipWhen(TestBroker.IsForeign, "looks inside");
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.SelectConfirms(1);
        foreach (var body in (string[])["a", "b", "c", "d", "e"]) connection.Publish(1, "", queue, body);
        connection.ExpectConfirms(1, 5);
        connection.Publish(1, "", "nowhere", "x");
        connection.ExpectConfirms(1, 1, first: 6);
        connection.Publish(1, "", "nowhere", "x", mandatory: true);
        connection.ExpectReturn(1);
        connection.ExpectConfirms(1, 1, first: 7);
        connection.Send(1, new BasicAck(connection.Get(1, queue).DeliveryTag));
        connection.Send(1, new BasicReject(connection.Get(1, queue).DeliveryTag, false));
        connection.Send(1, new BasicNack(connection.Get(1, queue).DeliveryTag, false, Requeue: true));
        connection.Get(1, queue, noAck: true);
        connection.Qos(1, 1);
        var tag = connection.Consume(1, queue);
        connection.ExpectDeliver(1);
        connection.Cancel(1, tag);
        connection.Get(1, queue, noAck: true);
        connection.GetNothing(1, queue);
        connection.Count(1, queue);

        foreach (var c in (MessageCounters[])[Channel(connection, 1).Counters, Of(connection).Counters])
        {
            Assert.Equal((7, 7, 0), (c.Published, c.Confirmed, c.Nacked));
            Assert.Equal((1, 1), (c.Returned, c.DroppedUnroutable));
            Assert.Equal((1, 1, 1), (c.Acknowledged, c.Rejected, c.Requeued));
            Assert.Equal((3, 2, 1), (c.Got, c.GotNoAck, c.GotEmpty));
            Assert.Equal((1, 0, 1), (c.Delivered, c.DeliveredNoAck, c.Redelivered));
        }
        Assert.Equal(1, Channel(connection, 1).Unacknowledged);
        Assert.Equal((1L, 0L, 0L), Sums(Of(connection)));

        static (long, long, long) Sums(ConnectionSnapshot c) => (c.Unacknowledged, c.Unconfirmed, c.Uncommitted);
    }

    [LevadaFact]
    public void L4_bytes_and_frames_are_those_on_the_wire()
    {
        Assert.SkipWhen(TestBroker.IsForeign, "looks inside");
        using var connection = RawConnection.Open(fixture.Broker, new Login(FrameMax: 4096));
        connection.OpenChannel(1);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Count(2, queue);
        var (in1, out1) = (Channel(connection, 1).Counters, Of(connection).Counters);
        // Method, header, three bodies; then a get of it.
        connection.Publish(1, "", queue, new byte[10_000]);
        Assert.Equal(10_000, connection.Get(1, queue, noAck: true).Body.Length);

        var (channel, whole) = (Channel(connection, 1).Counters, Of(connection).Counters);
        var size = FrameWriter.MethodSize(new BasicGet(queue, NoAck: true));
        Assert.Equal(in1.FramesReceived + 6, channel.FramesReceived);
        Assert.Equal(out1.FramesReceived + 6, whole.FramesReceived);
        Assert.Equal(in1.FramesSent + 5, channel.FramesSent);
        Assert.Equal(out1.FramesSent + 5, whole.FramesSent);
        Assert.Equal(channel.BytesReceived - in1.BytesReceived, whole.BytesReceived - out1.BytesReceived);
        Assert.Equal(channel.BytesSent - in1.BytesSent, whole.BytesSent - out1.BytesSent);
        Assert.InRange(channel.BytesReceived - in1.BytesReceived, 10_000 + size, 10_200 + size);
        var second = Channel(connection, 2).Counters;
        Assert.Equal((1, 1), (second.FramesReceived, second.FramesSent)); // since it was opened
    }

    [LevadaFact]
    public async Task L5_what_connections_hold_adds_up_to_what_the_node_holds()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var begun = RawConnection.OpenWithChannel(broker);
        using var holding = RawConnection.OpenWithChannel(broker);
        using var committing = RawConnection.OpenWithChannel(broker);
        begun.SendPublishMethod(1, "", "q");
        begun.SendHeader(1, 300_000);
        begun.SendBody(1, new byte[100_000]);
        begun.OpenChannel(2);
        var queue = holding.NewQueue(1);
        holding.Fill(queue, [.. Enumerable.Repeat("x", 100)]);
        holding.Consume(1, queue);
        for (var i = 0; i < 100; i++) holding.ExpectDeliver(1);
        committing.SelectTx(1);
        var other = committing.NewQueue(1);
        committing.Publish(1, "", other, new byte[5_000]);
        committing.Count(1, other);

        // Buffers go back a moment after the last answer is out.
        await broker.UntilAsync(_ => broker.Broker.TakeSnapshot().Held == broker.Broker.Connections.All
            .Aggregate(default(HeldBytes), static (held, c) => held + c.TakeSnapshot().Held));
        Assert.InRange(Snapshot(broker, begun).Held.Content, 100_000, 400_000);
        Assert.InRange(Snapshot(broker, holding).Held.Unsettled, 100 * 24, 256 * 64);
        Assert.InRange(Snapshot(broker, committing).Held.Uncommitted, 5_000, 6_000);
        Assert.Equal((100, 1), (Snapshot(broker, holding).Unacknowledged, Snapshot(broker, holding).Consumers));
        Assert.Equal(1, Snapshot(broker, committing).Uncommitted);

        for (var i = 0; i < 2; i++) begun.SendBody(1, new byte[100_000]);
        begun.Count(2, begun.NewQueue(2));
        committing.Rollback(1);
        Assert.Equal(0, Snapshot(broker, begun).Held.Content);
        Assert.Equal(0, Snapshot(broker, committing).Held.Uncommitted);
    }

    [LevadaFact]
    public async Task L11_states_are_those_of_RabbitMQ()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        Assert.Equal("running", Snapshot(broker, connection).State);
        connection.Send(1, new ChannelFlow(false));
        connection.Expect<ChannelFlowOk>(1);
        connection.Send(2, new BasicAck(7));
        connection.ExpectChannelClose(2, 406, "PRECONDITION_FAILED - unknown delivery tag 7", MethodId.BasicAck);
        Assert.Equal(["flow", "closing"], ChannelStates());
        await broker.RaiseDiskAlarmAsync();
        Assert.Equal("blocking", Snapshot(broker, connection).State);
        connection.Publish(1, "", "q", "x");
        connection.Expect<ConnectionBlocked>(0);
        var blocked = Snapshot(broker, connection);
        Assert.Equal("blocked", blocked.State);
        Assert.True(blocked.InStateFor < RawConnection.Patience);
        var node = broker.Broker.TakeSnapshot();
        Assert.Equal(1, node.ConnectionsByState["blocked"]);
        await broker.ClearDiskAlarmAsync();
        connection.Expect<ConnectionUnblocked>(0);
        Assert.Equal("running", Snapshot(broker, connection).State);

        string[] ChannelStates() =>
            [.. broker.Broker.Connections.All.Single().TakeChannelSnapshots().Select(static c => c.State)];
    }

    [LevadaFact]
    public void L4_the_network_side_of_a_connection_is_told()
    {
        Assert.SkipWhen(TestBroker.IsForeign, "looks inside");
        using var connection = RawConnection.OpenWithChannel(
            fixture.Broker, new Login(Heartbeat: 600, ChannelMax: 77));
        var seen = Of(connection);
        Assert.Equal((600, 77, 1, 1L), (seen.Heartbeat, seen.ChannelMax, seen.Channels, seen.ChannelsOpened));
        Assert.Equal(0, seen.HeartbeatsMissed);
        Assert.True(seen.LastReceivedAgo < RawConnection.Patience);
        if (OperatingSystem.IsLinux())
            Assert.InRange(seen.RoundTripTime!.Value, TimeSpan.FromMicroseconds(1), TimeSpan.FromSeconds(5));
    }

    private ConnectionSnapshot Of(RawConnection connection) => Snapshot(fixture.Broker, connection);

    private ChannelSnapshot Channel(RawConnection connection, ushort number) =>
        fixture.Broker.Broker.Connections.All.Single(c => c.Name == connection.Name).TakeChannelSnapshot(number)!;

    private static ConnectionSnapshot Snapshot(TestBroker broker, RawConnection connection) =>
        broker.Broker.Connections.All.Single(c => c.Name == connection.Name).TakeSnapshot();
}
