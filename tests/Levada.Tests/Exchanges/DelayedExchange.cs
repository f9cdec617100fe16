using Levada.Tests.Queues;
using RabbitMQ.Client;
using static Levada.Tests.Queues.ClockedBroker;

namespace Levada.Tests.Exchanges;

/// <summary>What the tests of x-delayed-message exchanges do over and over.</summary>
internal static class DelayedExchange
{
    /// <summary>Properties with the header.</summary>
    public static BasicProperties Delayed(int ms, bool persistent = true) => new()
    {
        Persistent = persistent, Headers = new Dictionary<string, object?> { ["x-delay"] = ms },
    };

    /// <summary>A durable exchange.</summary>
    public static Task DeclareAsync(
        ClockedBroker broker, string exchange, string type = "x-delayed-message", string inner = "direct",
        params (string Name, object? Value)[] more) =>
        broker.Channel.ExchangeDeclareAsync(
            exchange, type, durable: true, autoDelete: false,
            more.Append(("x-delayed-type", inner)).ToDictionary(static a => a.Item1, static a => a.Item2),
            cancellationToken: Cancelled);

    /// <summary>A durable exchange and a durable queue bound to it.</summary>
    public static async Task<(string Exchange, string Queue)> PairAsync(
        ClockedBroker broker, string type = "x-delayed-message", string inner = "direct", string key = "key",
        params (string Name, object? Value)[] more)
    {
        var exchange = TestBroker.Name("delayed");
        await DeclareAsync(broker, exchange, type, inner, more);
        var queue = await broker.DeclareAsync(durable: true);
        await broker.Channel.QueueBindAsync(queue, exchange, key, cancellationToken: Cancelled);
        return (exchange, queue);
    }

    /// <summary>Waits until nothing is held back any more, and all is where it goes.</summary>
    public static Task EmptyAsync(ClockedBroker broker) =>
        broker.Test.UntilAsync(static o => o.MessagesDelayed == 0);

    public static async Task<BasicGetResult> ArrivedAsync(ClockedBroker broker, string queue)
    {
        for (var deadline = DateTime.UtcNow + Patience; DateTime.UtcNow < deadline;)
        {
            if (await broker.GetAsync(queue) is { } message)
                return message;
            await Task.Delay(10, Cancelled);
        }
        throw new AmqpExpectationException($"nothing came to {queue}");
    }
}
