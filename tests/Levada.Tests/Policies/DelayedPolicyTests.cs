using Levada.Tests.Queues;
using RabbitMQ.Client;
using Xunit;
using static Levada.Tests.Exchanges.DelayedExchange;
using static Levada.Tests.Queues.ClockedBroker;

namespace Levada.Tests.Policies;

/// <summary>Exchanges of any type that hold messages back because a policy says so.</summary>
public sealed class DelayedPolicyTests
{
    private const string Delays = "'delayed-message':true";

    [LevadaFact]
    public async Task It_holds_back_live_and_when_it_goes_what_waits_still_comes_in_its_time()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker, "topic", "#");
        var catalog = broker.Test.Broker.Catalog;
        await broker.PublishToAsync(exchange, "a.b", "before", Delayed(1000));
        Assert.Equal("before", await broker.DrainAsync(queue));
        await catalog.SetPolicyAsync($"^{exchange}$", Delays, "exchanges");
        await broker.PublishToAsync(exchange, "a.b", "late", Delayed(1000));
        await broker.PublishToAsync(exchange, "a.b", "now", new BasicProperties());
        Assert.Equal("now", await broker.DrainAsync(queue));
        Assert.Equal(1, broker.Test.Broker.GetOverview().MessagesDelayed);
        Assert.True(catalog.FindVHost("/")!.FindExchange(NameOf(exchange))!.Policies.Flag("delayed-message"));
        await catalog.DeletePolicyAsync($"^{exchange}$");
        await broker.PublishToAsync(exchange, "a.b", "after", Delayed(1000));
        Assert.Equal("after", await broker.DrainAsync(queue));
        broker.Time.Advance(1000);
        var late = await ArrivedAsync(broker, queue);
        Assert.Equal((exchange, "a.b"), (late.Exchange, late.RoutingKey));
        Assert.Equal(-1000, late.BasicProperties.Headers!["x-delay"]);
        await EmptyAsync(broker);
    }

    [LevadaFact]
    public async Task It_counts_for_exchanges_declared_later_and_over_restarts()
    {
        await using var broker = await StartAsync();
        await broker.Test.Broker.Catalog.SetPolicyAsync("^later", Delays);
        var (first, queue) = await PairAsync(broker, "direct", "key", TestBroker.Name("later"));
        await broker.PublishToAsync(first, "key", "a", Delayed(5000));
        await broker.RestartAsync(afterMs: 1000);
        await broker.PublishToAsync(first, "key", "b", Delayed(6000));
        await broker.RestartAsync(afterMs: 1000);
        Assert.Equal("", await broker.DrainAsync(queue));
        Assert.Equal(2, broker.Test.Broker.GetOverview().MessagesDelayed);
        // Without the policy, too, what waits comes in its time.
        await broker.Test.Broker.Catalog.DeletePolicyAsync("^later");
        await broker.RestartAsync(afterMs: 1000);
        Assert.Equal("", await broker.DrainAsync(queue));
        broker.Time.Advance(2000);
        Assert.Equal("a"u8.ToArray(), (await ArrivedAsync(broker, queue)).Body.ToArray());
        broker.Time.Advance(2000);
        Assert.Equal("b"u8.ToArray(), (await ArrivedAsync(broker, queue)).Body.ToArray());
        await EmptyAsync(broker);
    }

    [LevadaFact]
    public async Task A_transient_exchange_is_made_so_too_and_its_messages_go_with_it()
    {
        await using var broker = await StartAsync();
        var exchange = TestBroker.Name("fleeting");
        await broker.Channel.ExchangeDeclareAsync(exchange, "fanout", cancellationToken: Cancelled);
        await broker.Test.Broker.Catalog.SetPolicyAsync($"^{exchange}$", Delays);
        await broker.PublishToAsync(exchange, "", "a", Delayed(1000));
        Assert.Equal(1, broker.Test.Broker.GetOverview().MessagesDelayed);
        await broker.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancelled);
        await EmptyAsync(broker);
    }

    private static byte[] NameOf(string exchange) => System.Text.Encoding.UTF8.GetBytes(exchange);

    private static async Task<(string Exchange, string Queue)> PairAsync(
        ClockedBroker broker, string type, string key, string? name = null)
    {
        var exchange = name ?? TestBroker.Name("plain");
        await broker.Channel.ExchangeDeclareAsync(exchange, type, durable: true, cancellationToken: Cancelled);
        var queue = await broker.DeclareAsync(durable: true);
        await broker.Channel.QueueBindAsync(queue, exchange, key, cancellationToken: Cancelled);
        return (exchange, queue);
    }
}
