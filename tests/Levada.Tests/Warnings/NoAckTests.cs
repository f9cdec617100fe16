using Levada.Amqp;
using Levada.Protocol;
using Levada.Tests.Rules;
using Levada.Warnings;
using Xunit;

namespace Levada.Tests.Warnings;

/// <summary>no_acknowledgements and blocked_consumer, beside clients that only take their time.</summary>
public sealed class NoAckTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [LevadaFact]
    public async Task A_consumer_at_its_prefetch_that_never_acknowledges_is_warned_of_and_a_slow_one_is_not()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var stuck = broker.Open("stuck");
        using var slow = broker.Open("slow");
        using var roomy = broker.Open("has room");
        using var idle = broker.Open("has nothing");
        foreach (var connection in (RawConnection[])[stuck, slow, roomy, idle])
        {
            var queue = connection.NewQueue(1);
            if (connection != idle) connection.Fill(queue, "a", "b", "c", "d");
            connection.Qos(1, (ushort)(connection == roomy ? 10 : 2));
            connection.Consume(1, queue, "worker");
        }
        var held = stuck.ExpectDeliveries(1, "a", "b");
        roomy.ExpectDeliveries(1, "a", "b", "c", "d");
        var at = slow.ExpectDeliveries(1, "a", "b")[0];
        broker.Pass(25 * Minute);
        slow.Send(1, new BasicAck(at)); // the work of 25 minutes
        slow.ExpectDeliver(1);
        Assert.Empty(broker.Warnings);
        broker.Pass(10 * Minute);
        var warning = broker.Single(WarningName.NoAcknowledgements);
        Assert.Equal((stuck.Name, (ushort?)1, "stuck"), (warning.Connection, warning.Channel, warning.ClientName));
        Assert.Equal((2, 2, 0),
            (warning.Figures["unacknowledged"], warning.Figures["prefetch"], warning.Figures["acknowledged"]));
        Assert.Contains("consumer 'worker' of queue", warning.What, StringComparison.Ordinal);
        await broker.Log.WaitForAsync("warning no_acknowledgements: connection", "channel 1: consumer 'worker'");

        stuck.Send(1, new BasicAck(held[0]));
        stuck.ExpectDeliver(1);
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
        await broker.Log.WaitForAsync("warning over: no_acknowledgements", stuck.Name);
    }

    [LevadaFact]
    public async Task A_consumer_without_prefetch_that_holds_ever_more_is_warned_of_and_a_full_load_is_not()
    {
        await using var broker = await WatchedBroker.StartAsync(o => o.UnackedGrowthMin = 50);
        using var growing = broker.Open("growing");
        using var steady = broker.Open("steady");
        using var backlog = broker.Open("works off a backlog");
        var queues = ((RawConnection[])[growing, steady, backlog]).ToDictionary(c => c, c => c.NewQueue(1));
        backlog.Fill(queues[backlog], [.. Enumerable.Repeat("x", 400)]);
        foreach (var (connection, queue) in queues) connection.Consume(1, queue);
        ulong backlogged = 0;
        for (; backlogged < 400; backlogged++) backlog.ExpectDeliver(1);
        ulong acked = 0;
        var dice = new Random(3);
        var unacked = new Queue<ulong>();
        broker.Pass(16 * Minute, i =>
        {
            // It acknowledges, but every other one only.
            foreach (var _ in "ab") growing.Publish(1, "", queues[growing], "x");
            growing.Send(1, new BasicAck(growing.ExpectDeliver(1).DeliveryTag));
            growing.ExpectDeliver(1);
            // A few hundred in flight, now more, now less.
            for (var n = dice.Next(60, 200); unacked.Count < n;)
            {
                steady.Publish(1, "", queues[steady], "x");
                unacked.Enqueue(steady.ExpectDeliver(1).DeliveryTag);
            }
            for (var n = dice.Next(60, 100); unacked.Count > n;)
                steady.Send(1, new BasicAck(unacked.Dequeue()));
            backlog.Send(1, new BasicAck(++acked));
            growing.Count(1, queues[growing]);
            backlog.Count(1, queues[backlog]);
            steady.Count(1, queues[steady]);
        });
        var warning = broker.Single(WarningName.NoAcknowledgements);
        Assert.Equal((growing.Name, (ushort?)1), (warning.Connection, warning.Channel));
        Assert.True(warning.Figures["unacknowledged_gained"] > 50);
        Assert.Contains("Set a prefetch", warning.Advice, StringComparison.Ordinal);

        growing.Send(1, new BasicAck(0, Multiple: true));
        growing.Count(1, queues[growing]);
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
    }

    [LevadaFact]
    public async Task An_alarm_that_blocks_a_connection_with_consumers_is_warned_of_for_that_connection_only()
    {
        await using var broker = await WatchedBroker.StartAsync();
        using var both = broker.Open("both");
        using var publisher = broker.Open("publisher");
        using var consumer = broker.Open("consumer");
        var queue = both.NewSharedQueue(1);
        both.Consume(1, queue);
        consumer.Consume(1, queue);
        broker.Pass(Minute);
        broker.Test.Broker.Alarms.Set("test", "a test is on");
        foreach (var connection in (RawConnection[])[both, publisher])
        {
            connection.Publish(1, "", "nowhere", "x");
            connection.Expect<ConnectionBlocked>(0);
        }
        broker.Pass(WatchedBroker.Step * 2);
        Assert.Empty(broker.Warnings);
        broker.Pass(WatchedBroker.Step);
        Assert.Equal(both.Name, broker.Single(WarningName.BlockedConsumer).Connection);
        await broker.Log.WaitForAsync("warning blocked_consumer: connection", both.Name);
        broker.Test.Broker.Alarms.Clear("test");
        both.Expect<ConnectionUnblocked>(0);
        broker.Pass(WatchedBroker.Step);
        Assert.Empty(broker.Warnings);
        await broker.Log.WaitForAsync("warning over: blocked_consumer", both.Name);
    }
}
