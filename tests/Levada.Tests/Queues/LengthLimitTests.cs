using System.Collections.Concurrent;
using Levada.Protocol;
using Levada.Tests.Rules;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-max-length, x-max-length-bytes and x-overflow.</summary>
public sealed class LengthLimitTests
{
    private const string Length = "x-max-length";

    [Fact]
    public async Task A_full_queue_drops_its_oldest_messages_and_confirms_the_new_ones()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: (Length, 3));
        for (var i = 1; i <= 3; i++)
            await broker.PublishAsync(queue, $"{i}");
        var held = await broker.GetAsync(queue, autoAck: false);
        for (var i = 4; i <= 6; i++)
            await broker.PublishAsync(queue, $"{i}");
        // What a consumer holds does not count; what comes back is the oldest, and goes first.
        await broker.Channel.BasicNackAsync(held!.DeliveryTag, false, requeue: true, ClockedBroker.Cancelled);
        Assert.Equal("4 5 6", await broker.DrainAsync(queue));
        await broker.UntilAsync(static o => o.Messages.DroppedByLength == 3);
    }

    [Fact]
    public async Task Bytes_of_bodies_are_a_limit_too()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: ("x-max-length-bytes", 10));
        foreach (var body in (string[])["aaaa", "bbbb", "cc", "d"])
            await broker.PublishAsync(queue, body);
        Assert.Equal("bbbb cc d", await broker.DrainAsync(queue));
        await broker.PublishAsync(queue, "longer than all");
        Assert.Equal(0u, await broker.CountAsync(queue));
    }

    [Fact]
    public async Task A_queue_for_none_is_for_consumers_that_wait()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: (Length, 0));
        await broker.PublishAsync(queue, "nobody");
        using var got = new BlockingCollection<string>();
        await broker.ConsumeAsync(queue, got);
        await broker.PublishAsync(queue, "consumer");
        Assert.True(got.TryTake(out var body, ClockedBroker.Patience));
        Assert.Equal("consumer", body);
    }

    [Fact]
    public async Task A_full_queue_that_refuses_says_so_message_by_message()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var full = connection.DeclareQueue(1, exclusive: true, arguments: Refusing(4)).Queue;
        var other = connection.NewQueue(1);
        connection.SelectConfirms(1);
        connection.InOneWrite(() =>
        {
            for (var i = 1; i <= 20; i++)
                connection.Publish(1, "", i % 2 == 0 ? full : other, $"{i}");
        });
        Assert.Equal([10, 12, 14, 16, 18, 20], Refused(connection, first: 1, count: 20));
        Assert.Equal(4u, connection.Count(1, full));
        Assert.Equal(10u, connection.Count(1, other));
        Assert.Equal("2", connection.Get(1, full, noAck: true).Text);
        connection.InOneWrite(() =>
        {
            connection.Publish(1, "", full, "21");
            connection.Publish(1, "", full, "22");
        });
        Assert.Equal([22], Refused(connection, first: 21, count: 2));
        Assert.Equal("4 6 8 21", connection.Drain(1, full));
    }

    [Fact]
    public async Task One_full_queue_of_several_refuses_for_itself()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var full = connection.DeclareQueue(1, exclusive: true, arguments: Refusing(1)).Queue;
        var other = connection.NewQueue(1);
        foreach (var queue in (string[])[full, other])
            connection.Bind(1, queue, "amq.fanout", "");
        connection.SelectConfirms(1);
        connection.InOneWrite(() =>
        {
            connection.Publish(1, "amq.fanout", "", "a");
            connection.Publish(1, "amq.fanout", "", "b");
        });
        Assert.Equal([2], Refused(connection, first: 1, count: 2));
        Assert.Equal("a", connection.Drain(1, full));
        Assert.Equal("a b", connection.Drain(1, other));
    }

    [Fact]
    public async Task A_consumer_that_keeps_up_keeps_the_queue_from_being_full()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = connection.DeclareQueue(1, exclusive: true, arguments: Refusing(2)).Queue;
        connection.Consume(2, queue, noAck: true);
        connection.SelectConfirms(1);
        connection.InOneWrite(() =>
        {
            for (var i = 0; i < 50; i++)
                connection.Publish(1, "", queue, $"{i}");
        });
        int delivered = 0, confirmed = 0;
        while (delivered < 50 || confirmed < 50)
        {
            if (connection.Peek().Is<BasicDeliver>())
                Assert.Equal($"{delivered++}", connection.ExpectDeliver(2).Text);
            else
                confirmed = (int)connection.Expect<BasicAck>(1).DeliveryTag;
        }
    }

    [LevadaFact]
    public async Task Limits_hold_after_a_restart()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var dropping = await broker.DeclareAsync(durable: true, arguments: (Length, 2));
        var refusing = await broker.DeclareAsync(
            durable: true, arguments: [(Length, 2), ("x-overflow", "reject-publish")]);
        foreach (var queue in (string[])[dropping, refusing])
        {
            await broker.PublishAsync(queue, "a", persistent: true);
            await broker.PublishAsync(queue, "b", persistent: true);
        }
        await broker.RestartAsync(afterMs: 0);
        await broker.PublishAsync(dropping, "c", persistent: true);
        Assert.Equal("b c", await broker.DrainAsync(dropping));
        await Assert.ThrowsAsync<PublishException>(
            () => broker.PublishAsync(refusing, "c", persistent: true).AsTask());
        Assert.Equal("a b", await broker.DrainAsync(refusing));
    }

    private static FieldTable Refusing(int length) => new FieldTable()
        .Add(Length, FieldValue.Int(length)).Add("x-overflow", FieldValue.String("reject-publish"));

    // The numbers that were nacked. Each is answered once, and no answer covers one that was answered before.
    private static ulong[] Refused(RawConnection connection, ulong first, int count)
    {
        var refused = new List<ulong>();
        for (var next = first; next < first + (ulong)count;)
        {
            var isNack = connection.Peek().Is<BasicNack>();
            ulong tag;
            bool multiple;
            if (isNack)
            {
                var nack = connection.Expect<BasicNack>(1);
                (tag, multiple) = (nack.DeliveryTag, nack.Multiple);
            }
            else
            {
                var ack = connection.Expect<BasicAck>(1);
                (tag, multiple) = (ack.DeliveryTag, ack.Multiple);
            }
            Assert.True(multiple ? tag >= next : tag == next, $"{tag} answered, {next} was next");
            for (; next <= tag; next++)
            {
                if (isNack)
                    refused.Add(next);
            }
        }
        return [.. refused];
    }
}
