using Levada.Amqp;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>
/// Rules F4, F5 and B5: an alarm blocks who publishes and nobody else. Each test has a broker of its own.
/// </summary>
public sealed class F_AlarmTests
{
    [LevadaFact]
    public async Task F4_publishers_are_told_once_and_what_they_published_waits()
    {
        await using var broker = await TestBroker.StartAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1);
        publisher.Send(1, new ConfirmSelect());
        publisher.Expect<ConfirmSelectOk>(1);
        await broker.RaiseDiskAlarmAsync();

        publisher.Publish(1, "", queue, "one");
        Assert.StartsWith("low on disk", publisher.Expect<ConnectionBlocked>(0).Reason, StringComparison.Ordinal);
        publisher.Publish(1, "", queue, "two");
        Assert.Equal(0u, D_ChannelCloseTests.Count(other, 1, queue)); // and it was told nothing
        var alarm = Assert.Single(broker.Broker.GetOverview().Alarms);
        Assert.StartsWith("low on disk", alarm.Reason, StringComparison.Ordinal);

        await broker.ClearDiskAlarmAsync();
        publisher.Expect<ConnectionUnblocked>(0);
        for (ulong confirmed = 0; confirmed < 2;) confirmed = publisher.Expect<BasicAck>(1).DeliveryTag;
        Assert.Equal(["one", "two"], D_ChannelCloseTests.TakeAll(other, 1, queue));
        Assert.Empty(broker.Broker.GetOverview().Alarms);
    }

    [LevadaFact]
    public async Task I5_a_full_disk_blocks_and_nacks_and_no_ack_covers_a_nack()
    {
        await using var broker = await TestBroker.StartAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        using var consumer = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(consumer, 1);
        publisher.SelectConfirms(1);
        publisher.Publish(1, "", queue, "one");
        publisher.ExpectConfirms(1, 1);

        broker.Broker.Alarms.Set(Alarms.Disk, "low on disk (a write found no space)", isFull: true);
        publisher.InOneWrite(() =>
        {
            publisher.Publish(1, "", queue, "refused");
            publisher.Publish(1, "", queue, "refused");
        });
        Assert.Equal("low on disk (a write found no space)", publisher.Expect<ConnectionBlocked>(0).Reason);
        var nacked = 1ul;
        while (nacked < 3)
        {
            var nack = publisher.Expect<BasicNack>(1);
            Assert.True(nack.Multiple ? nack.DeliveryTag > nacked : nack.DeliveryTag == nacked + 1);
            nacked = nack.DeliveryTag;
        }
        Assert.Equal(3ul, nacked);
        Assert.Equal(["one"], D_ChannelCloseTests.TakeAll(consumer, 1, queue));

        broker.Broker.Alarms.Clear(Alarms.Disk);
        publisher.Expect<ConnectionUnblocked>(0);
        publisher.Publish(1, "", queue, "four");
        var ack = publisher.Expect<BasicAck>(1);
        Assert.Equal(4ul, ack.DeliveryTag);
        Assert.Equal(["four"], D_ChannelCloseTests.TakeAll(consumer, 1, queue));
    }

    [LevadaFact]
    public async Task F4_short_memory_blocks_too_and_the_block_ends_with_the_last_alarm()
    {
        await using var broker = await TestBroker.StartAsync();
        using var publisher = RawConnection.OpenWithChannel(broker);
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1);
        await broker.RaiseDiskAlarmAsync();
        broker.Options.MemoryHighWatermark = 1;
        await broker.UntilAsync(o => o.Alarms.Count == 2);

        publisher.Publish(1, "", queue, "waits");
        Assert.Matches(
            @"^low on disk \(.* MB free, limit .* MB\) & low on memory \(.* MB used, limit 0 MB\)$",
            publisher.Expect<ConnectionBlocked>(0).Reason);
        broker.Options.DiskFreeLimit = 0;
        await broker.UntilAsync(o => o.Alarms is [{ Resource: Alarms.Memory }]);
        publisher.OpenChannel(2); // and nothing else came
        Assert.Equal(0u, D_ChannelCloseTests.Count(other, 1, queue));
        broker.Options.MemoryHighWatermark = 0;
        publisher.Expect<ConnectionUnblocked>(0);
        publisher.Send(1, new BasicGet(queue, NoAck: true));
        Assert.Equal("waits", publisher.ExpectGetOk(1).Text);
    }

    [LevadaFact]
    public async Task F4_a_client_that_did_not_announce_it_is_told_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1);
        using var publisher = RawConnection.OpenWithChannel(
            broker, new Login { ClientProperties = Login.Properties() });
        await broker.RaiseDiskAlarmAsync();
        publisher.Publish(1, "", queue, "waits");
        publisher.OpenChannel(2); // nothing came before this
        Assert.Equal(0u, D_ChannelCloseTests.Count(other, 1, queue));
        await broker.ClearDiskAlarmAsync();
        publisher.Send(1, new BasicGet(queue, NoAck: true)); // behind the publish
        Assert.Equal("waits", publisher.ExpectGetOk(1).Text);
    }

    [LevadaFact]
    public async Task F4_consumers_drain_their_queues_and_connections_can_be_opened()
    {
        await using var broker = await TestBroker.StartAsync();
        using var consumer = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(consumer, 1, "one", "two", "three");
        await broker.RaiseDiskAlarmAsync();
        consumer.Send(1, new BasicQos(0, 1));
        consumer.Expect<BasicQosOk>(1);
        consumer.Send(1, new BasicConsume(queue, "c"));
        consumer.Expect<BasicConsumeOk>(1);
        foreach (var text in (string[])["one", "two", "three"])
        {
            var message = consumer.ExpectDeliver(1);
            Assert.Equal(text, message.Text);
            consumer.Send(1, new BasicAck(message.DeliveryTag));
        }
        using var late = RawConnection.OpenWithChannel(broker);
        Assert.Equal(0u, D_ChannelCloseTests.Count(late, 1, queue));
        late.Publish(1, "", queue, "x");
        late.Expect<ConnectionBlocked>(0);
    }

    [LevadaFact]
    public async Task F4_a_blocked_connection_goes_on_settling_and_its_other_channels_go_on()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = D_ChannelCloseTests.Filled(connection, 1, "one", "two");
        connection.Send(1, new BasicQos(0, 1));
        connection.Expect<BasicQosOk>(1);
        connection.Send(1, new BasicConsume(queue, "c"));
        connection.Expect<BasicConsumeOk>(1);
        Assert.Equal("one", connection.ExpectDeliver(1).Text);
        await broker.RaiseDiskAlarmAsync();
        connection.Publish(1, "", queue, "three");
        connection.Expect<ConnectionBlocked>(0);
        connection.Send(1, new BasicAck(1));
        Assert.Equal("two", connection.ExpectDeliver(1).Text);
        connection.Send(2, new BasicQos(0, 1));
        connection.Expect<BasicQosOk>(2);
        connection.Send(1, new BasicAck(2));
        await broker.ClearDiskAlarmAsync();
        connection.Expect<ConnectionUnblocked>(0);
        Assert.Equal("three", connection.ExpectDeliver(1).Text);
    }

    [LevadaFact]
    public async Task F4_a_blocked_connection_can_be_closed_and_what_it_could_not_publish_is_dropped()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(connection, 1, "kept");
        await broker.RaiseDiskAlarmAsync();
        connection.Publish(1, "", queue, "dropped");
        connection.Expect<ConnectionBlocked>(0);
        connection.Close();
        await broker.ClearDiskAlarmAsync();
        Assert.Equal(["kept"], D_ChannelCloseTests.TakeAll(other, 1, queue));
    }

    [LevadaFact]
    public async Task B5_a_blocked_publisher_that_cannot_even_send_heartbeats_lives()
    {
        await using var broker = await TestBroker.StartAsync();
        using var other = RawConnection.OpenWithChannel(broker);
        var queue = D_ChannelCloseTests.Filled(other, 1);
        using var publisher = RawConnection.OpenWithChannel(broker, new Login(Heartbeat: 1));
        await broker.RaiseDiskAlarmAsync();
        publisher.Publish(1, "", queue, new byte[1000]);
        publisher.Expect<ConnectionBlocked>(0);
        var key = System.Text.Encoding.ASCII.GetBytes(queue);
        var message = new byte[FrameWriter.ContentSize(new BasicPublish(default, key), 2, 1000, 131_072)];
        FrameWriter.WriteContent(message, 1, new BasicPublish(default, key), [0, 0], new byte[1000], 131_072);
        var sent = 1;
        ReadOnlyMemory<byte> rest = default;
        publisher.Socket.Blocking = false;
        // Until the broker reads no more and nothing fits on the way to it.
        while (publisher.Socket.Poll(TimeSpan.FromMilliseconds(500), System.Net.Sockets.SelectMode.SelectWrite))
        {
            if (rest.IsEmpty)
            {
                rest = message;
                sent++;
            }
            var n = publisher.Socket.Send(rest.Span, System.Net.Sockets.SocketFlags.None, out _);
            rest = rest[n..];
        }
        publisher.Socket.Blocking = true;
        // Eight of the server's heartbeats: four intervals.
        for (var i = 0; i < 8; i++) Assert.Equal(Frame.Heartbeat, publisher.TryReceiveAny()!.Type);
        await broker.ClearDiskAlarmAsync();
        publisher.Send(rest.Span);
        publisher.Expect<ConnectionUnblocked>(0);
        publisher.CloseChannel(1);
        Assert.Equal((uint)sent, D_ChannelCloseTests.Count(other, 1, queue));
    }
}
