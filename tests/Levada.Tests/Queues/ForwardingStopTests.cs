using Levada.Tests.Exchanges;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>A stop in order while messages go on to other queues by themselves: none is there twice after it.</summary>
public sealed class ForwardingStopTests
{
    private const int Count = 30_000;

    [Fact]
    public async Task Dead_letters_on_their_way_are_in_one_queue()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var target = await broker.DeclareAsync(durable: true);
        for (var i = 0; i < 4; i++)
        {
            var source = await broker.DeclareAsync(durable: true, arguments:
                [("x-message-ttl", 1000), ("x-dead-letter-exchange", ""), ("x-dead-letter-routing-key", target)]);
            await PublishAsync(broker, "", source, new BasicProperties { Persistent = true }, Count / 4);
        }
        broker.Time.Advance(1000);
        await broker.RestartAsync(afterMs: 0);
        await broker.Test.UntilAsync(o => o is { MessagesReady: >= Count, MessagesUnacked: 0 });
        broker.Time.Advance(1);
        // One that is in two queues would make more of them, wherever the others are.
        await broker.UntilCountAsync(target, Count);
        await broker.Test.UntilAsync(static o => o is { MessagesReady: Count, MessagesUnacked: 0 });
    }

    [Fact]
    public async Task Delayed_messages_that_are_due_come_once()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(durable: true);
        for (var i = 0; i < 4; i++)
        {
            var exchange = TestBroker.Name("delayed");
            await DelayedExchange.DeclareAsync(broker, exchange);
            await broker.Channel.QueueBindAsync(queue, exchange, "key", cancellationToken: ClockedBroker.Cancelled);
            await PublishAsync(broker, exchange, "key", DelayedExchange.Delayed(1000), Count / 4);
        }
        broker.Time.Advance(1000);
        await broker.RestartAsync(afterMs: 0);
        await DelayedExchange.EmptyAsync(broker);
        Assert.Equal((uint)Count, await broker.CountAsync(queue));
    }

    private static Task PublishAsync(
        ClockedBroker broker, string exchange, string key, BasicProperties properties, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(
            i => broker.PublishToAsync(exchange, key, $"{i}", new BasicProperties(properties)).AsTask()));
}
