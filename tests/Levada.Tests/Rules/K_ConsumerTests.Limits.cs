using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Rules;

/// <summary>Limits, timeouts and fairness of consumers.</summary>
public sealed partial class K_ConsumerTests
{
    [LevadaFact]
    public async Task K11_too_many_consumers_on_a_channel_close_the_channel()
    {
        await using var broker = await TestBroker.StartAsync(options => options.ConsumerMaxPerChannel = 3);
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        for (var i = 0; i < 3; i++) connection.Consume(1, queue);
        connection.Consume(2, queue);
        connection.Send(1, new BasicConsume(queue, ""));
        var close = connection.Expect<ChannelClose>(1);
        Assert.Equal(
            "NOT_ALLOWED - reached maximum (3) of consumers per channel (consumer_max_per_channel: 3 of 3 in use on "
            + "channel 1)",
            close.ReplyText);
        Assert.Equal(MethodId.BasicConsume, ((uint)close.ClassId << 16) | close.MethodId);
        connection.Send(1, new ChannelCloseOk());
        connection.OpenChannel(1);
        for (var i = 0; i < 3; i++) connection.Cancel(1, connection.Consume(1, queue));
        connection.Consume(1, queue);
    }

    [Fact]
    public void K12_no_delivery_is_too_old_by_default() =>
        Assert.Equal(TimeSpan.Zero, new BrokerOptions().ConsumerTimeout);

    [LevadaTheory]
    [InlineData("consumer")]
    [InlineData("queue")]
    [InlineData("broker")]
    public async Task K12_a_delivery_that_stays_unsettled_too_long_cancels_its_consumer(string where)
    {
        await using var broker = await TestBroker.StartAsync(
            options => options.ConsumerTimeout = TimeSpan.FromMilliseconds(where == "broker" ? 30 : 0));
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var limit = new FieldTable().Add("x-consumer-timeout", 30);
        var queue = connection.DeclareQueue(
            2, TestBroker.Name("q"), exclusive: true, arguments: where == "queue" ? limit : null).Queue;
        connection.Fill(queue, "settled in time", "forgotten");
        connection.Consume(1, queue, "slow", arguments: where == "consumer" ? limit : null);
        connection.ExpectDeliveries(1, "settled in time", "forgotten");
        connection.Send(1, new BasicAck(1));

        Assert.Equal("slow", connection.Expect<BasicCancel>(1).ConsumerTag);
        await broker.Log.WaitForAsync(
            "consumer 'slow' is cancelled and its messages go back: delivery acknowledgement on channel 1 timed out. "
            + "Timeout value used: 30 ms (", where == "broker" ? "consumer_timeout" : "x-consumer-timeout",
            $"Delivery tag 2 from queue '{queue}' is ");
        Assert.Equal("forgotten*", connection.Drain(2, queue));
        Assert.Equal(1, broker.Broker.Limits.ConsumerTime.Refused);
        // What comes too late is no mistake, but only once.
        connection.Send(1, new BasicAck(2));
        connection.Consume(1, queue, "slow");
        connection.Send(1, new BasicAck(2));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 2 (already acknowledged", MethodId.BasicAck);
    }

    [LevadaFact]
    public void K12_what_another_consumer_of_the_channel_holds_stays_there()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, [.. Enumerable.Range(0, 6).Select(static i => $"{i}")]);
        connection.Qos(1, 3);
        connection.Consume(1, queue, "patient");
        connection.ExpectDeliveries(1, "0", "1", "2");
        connection.Consume(1, queue, "brief", arguments: new FieldTable().Add("x-consumer-timeout", 1));
        connection.ExpectDeliveries(1, "3", "4", "5");
        Assert.Equal("brief", connection.Expect<BasicCancel>(1).ConsumerTag);
        Assert.Equal("3*4*5*", connection.Drain(2, queue).Replace(" ", "", StringComparison.Ordinal));
        connection.Send(1, new BasicAck(4, Multiple: true)); // the first three, and one that came back
        connection.Count(1, queue);
        connection.Send(1, new BasicAck(2));
        connection.ExpectChannelError(1, 406, "unknown delivery tag 2", MethodId.BasicAck);
    }

    [LevadaFact]
    public void K12_a_client_that_takes_no_cancel_loses_the_channel()
    {
        using var connection = RawConnection.OpenWithChannel(
            fixture.Broker, new Login { ClientProperties = Login.Properties("basic.nack") });
        connection.OpenChannel(2);
        var queue = connection.NewQueue(2);
        connection.Fill(queue, "forgotten");
        connection.Consume(1, queue, "slow", arguments: new FieldTable().Add("x-consumer-timeout", 30));
        connection.ExpectDeliveries(1, "forgotten");
        var close = connection.ExpectChannelClose(
            1, 406,
            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 30 ms "
            + "(x-consumer-timeout of consumer 'slow'). Delivery tag 1 from queue '", 0);
        Assert.Contains(queue, close.ReplyText, StringComparison.Ordinal);
        connection.Send(1, new ChannelCloseOk());
        Assert.Equal("forgotten*", connection.Drain(2, queue));
    }

    [LevadaFact]
    public void K12_an_auto_delete_queue_goes_with_its_last_consumer()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.DeclareQueue(1, TestBroker.Name("q"), autoDelete: true).Queue;
        connection.Fill(queue, "x");
        connection.Consume(1, queue, "slow", arguments: new FieldTable().Add("x-consumer-timeout", 1));
        connection.ExpectDeliver(1);
        connection.Expect<BasicCancel>(1);
        // Not before the cancel, but soon.
        while (connection.Exists(1, queue))
        {
        }
    }

    [LevadaFact]
    public void K12_settled_in_time_is_settled_in_time()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, "watched", arguments: new FieldTable().Add("x-consumer-timeout", 60_000));
        connection.Consume(2, queue, "brief", arguments: new FieldTable().Add("x-consumer-timeout", 1));
        for (var i = 0; i < 2; i++) connection.Publish(1, "", queue, "x");
        for (var i = 0; i < 2; i++) connection.ExpectDeliver(connection.Peek().Channel);
        // The brief one is cancelled; the other, watched as well, keeps its delivery and gets the one that came back.
        Assert.Equal("brief", connection.Expect<BasicCancel>(2).ConsumerTag);
        Assert.True(connection.ExpectDeliver(1).Redelivered);
        connection.Send(1, new BasicAck(0, Multiple: true));
        Assert.Equal(0u, connection.Count(1, queue));
    }

    [Fact]
    public void K13_ready_consumers_take_turns()
    {
        const int consumers = 4, rounds = 25;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        for (var i = 0; i < consumers; i++) connection.Consume((ushort)(1 + i % 2), queue, $"{i}", noAck: true);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < consumers * rounds; i++)
        {
            connection.Publish(1, "", queue, "x");
            var tag = Next(connection)[2..];
            counts[tag] = counts.GetValueOrDefault(tag) + 1;
        }
        Assert.Equal(consumers, counts.Count);
        Assert.All(counts, c => Assert.Equal(rounds, c.Value));
    }

    [Fact]
    public void K13_a_backlog_is_shared_among_those_who_acknowledge()
    {
        const int count = 300;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        for (ushort channel = 2; channel <= 4; channel++)
        {
            connection.OpenChannel(channel);
            connection.Qos(channel, 1);
            connection.Consume(channel, queue, $"{channel}");
        }
        for (var i = 0; i < count; i++) connection.Publish(1, "", queue, $"{i}");
        var seen = new HashSet<string>();
        var counts = new Dictionary<ushort, int>();
        while (seen.Count < count)
        {
            var channel = connection.Peek().Channel;
            var message = connection.ExpectDeliver(channel);
            Assert.True(seen.Add(message.Text));
            counts[channel] = counts.GetValueOrDefault(channel) + 1;
            connection.Send(channel, new BasicAck(message.DeliveryTag));
        }
        Assert.Equal(3, counts.Count);
        Assert.All(counts, c => Assert.InRange(c.Value, count / 6, count / 2));
    }

    // The next delivery on whichever channel: body and consumer tag.
    private static string Next(RawConnection connection)
    {
        var message = connection.ExpectDeliver(connection.Peek().Channel);
        return $"{message.Text} {message.ConsumerTag}";
    }
}
