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
        Assert.Contains(" - reached maximum (3) of consumers per channel", close.ReplyText, StringComparison.Ordinal);
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
    public async Task K12_a_delivery_that_stays_unsettled_too_long_closes_its_channel(string where)
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

        var close = connection.ExpectChannelClose(
            1, 406,
            "PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed out. Timeout value used: 30 ms (", 0);
        Assert.Contains(where == "broker" ? "consumer_timeout" : "x-consumer-timeout", close.ReplyText,
            StringComparison.Ordinal);
        Assert.Contains($"Delivery tag 2 from queue '{queue}' is ", close.ReplyText, StringComparison.Ordinal);
        connection.Send(1, new ChannelCloseOk());
        Assert.Equal("forgotten*", connection.Drain(2, queue));
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
        // The brief one is closed; the other, watched as well, keeps its delivery and gets the one that came back.
        connection.ExpectChannelClose(2, 406, "PRECONDITION_FAILED - delivery acknowledgement on channel 2", 0);
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
