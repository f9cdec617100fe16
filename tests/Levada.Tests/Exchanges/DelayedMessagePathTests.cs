using System.Text;
using Levada.Tests.Queues;
using RabbitMQ.Client;
using Xunit;
using static Levada.Tests.Exchanges.DelayedExchange;
using static Levada.Tests.Queues.ClockedBroker;

namespace Levada.Tests.Exchanges;

/// <summary>x-delayed-message together with what else exchanges and queues do with a message on its way.</summary>
public sealed class DelayedMessagePathTests
{
    [Fact]
    public async Task The_alternate_exchange_gets_what_then_finds_no_binding()
    {
        await using var broker = await StartAsync();
        var other = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(other, "amq.fanout", "", cancellationToken: Cancelled);
        var (exchange, queue) = await PairAsync(broker, more: ("alternate-exchange", "amq.fanout"));
        await broker.PublishToAsync(exchange, "key", "a", Delayed(1000));
        await broker.PublishToAsync(exchange, "else", "b", Delayed(1000));
        Assert.Equal(0u, await broker.CountAsync(other));
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        Assert.Equal(("a", "b"), (await broker.DrainAsync(queue), await broker.DrainAsync(other)));
    }

    [Fact]
    public async Task Through_other_exchanges_it_waits_once()
    {
        await using var broker = await StartAsync();
        var (first, _) = await PairAsync(broker, inner: "fanout", key: "");
        var (second, last) = await PairAsync(broker, inner: "fanout", key: "");
        var before = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(before, "amq.fanout", "", cancellationToken: Cancelled);
        await broker.Channel.ExchangeBindAsync(first, "amq.fanout", "", cancellationToken: Cancelled);
        await broker.Channel.ExchangeBindAsync(second, first, "", cancellationToken: Cancelled);
        await broker.PublishToAsync("amq.fanout", "k", "a", Delayed(1000));
        Assert.Equal("a", await broker.DrainAsync(before));
        Assert.Equal(0u, await broker.CountAsync(last));
        broker.Time.Advance(1000);
        var message = await ArrivedAsync(broker, last);
        Assert.Equal(("amq.fanout", "k"), (message.Exchange, message.RoutingKey));
        await EmptyAsync(broker);
    }

    [Fact]
    public async Task Copies_wait_with_it_and_the_hidden_keys_stay_hidden()
    {
        await using var broker = await StartAsync();
        var (exchange, byKey) = await PairAsync(broker);
        var byCopy = await broker.DeclareAsync();
        var byHidden = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(byCopy, exchange, "copy", cancellationToken: Cancelled);
        await broker.Channel.QueueBindAsync(byHidden, exchange, "hidden", cancellationToken: Cancelled);
        var properties = Delayed(1000);
        properties.Headers!["CC"] = new List<object> { "copy" };
        properties.Headers["BCC"] = new List<object> { "hidden" };
        await broker.PublishToAsync(exchange, "key", "a", properties);
        Assert.Equal(0u, await broker.CountAsync(byCopy));
        broker.Time.Advance(1000);
        foreach (var queue in (string[])[byKey, byCopy, byHidden])
        {
            var message = await ArrivedAsync(broker, queue);
            var headers = message.BasicProperties.Headers!;
            Assert.True(headers.ContainsKey("CC") && !headers.ContainsKey("BCC"));
        }
        await EmptyAsync(broker);
    }

    [Fact]
    public async Task A_retry_waits_in_a_delayed_exchange_and_keeps_its_deaths()
    {
        await using var broker = await StartAsync();
        var (exchange, work) = await PairAsync(broker);
        var source = await broker.DeclareAsync(arguments:
            [("x-dead-letter-exchange", exchange), ("x-dead-letter-routing-key", "key")]);
        var headers = new Dictionary<string, object?> { ["x-delay"] = 500 };
        await broker.PublishToAsync("", source, "a", new BasicProperties { Headers = headers });
        var held = await broker.GetAsync(source, autoAck: false);
        await broker.Channel.BasicRejectAsync(held!.DeliveryTag, requeue: false, Cancelled);
        await broker.Test.UntilAsync(static o => o.MessagesDelayed == 1);
        broker.Time.Advance(499);
        Assert.Equal(0u, await broker.CountAsync(work));
        broker.Time.Advance(1);
        var message = await ArrivedAsync(broker, work);
        Assert.Equal((exchange, "key"), (message.Exchange, message.RoutingKey));
        Assert.Equal(-500, message.BasicProperties.Headers!["x-delay"]);
        Assert.True(message.BasicProperties.Headers.ContainsKey("x-death"));
        Assert.Equal(1, broker.Test.Broker.GetOverview().Messages.DeadLettered);
    }

    [Fact]
    public async Task What_is_held_back_survives_a_restart_and_what_is_late_comes_at_once()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        await broker.PublishToAsync(exchange, "key", "late", Delayed(1000));
        await broker.PublishToAsync(exchange, "key", "in-time", Delayed(5000));
        await broker.PublishToAsync(exchange, "key", "transient", Delayed(1000, persistent: false));
        await broker.RestartAsync(afterMs: 3000);
        await broker.Test.UntilAsync(static o => o is { MessagesReady: 1, MessagesDelayed: 1 });
        Assert.Equal("late", await broker.DrainAsync(queue));
        broker.Time.Advance(1999);
        Assert.Equal(0u, await broker.CountAsync(queue));
        broker.Time.Advance(1);
        var message = await ArrivedAsync(broker, queue);
        Assert.Equal(("in-time", false), (Encoding.UTF8.GetString(message.Body.Span), message.Redelivered));
        await EmptyAsync(broker);
        await broker.RestartAsync(afterMs: 1);
        Assert.Equal((0u, 0L), (await broker.CountAsync(queue), broker.Test.Broker.GetOverview().MessagesDelayed));
    }

    [Fact]
    public async Task An_exchange_that_was_deleted_holds_nothing_after_a_restart()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        await broker.PublishToAsync(exchange, "key", "a", Delayed(1000));
        await broker.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancelled);
        await DeclareAsync(broker, exchange);
        await broker.Channel.QueueBindAsync(queue, exchange, "key", cancellationToken: Cancelled);
        await broker.PublishToAsync(exchange, "key", "b", Delayed(1000));
        await broker.RestartAsync(afterMs: 1000);
        await EmptyAsync(broker);
        Assert.Equal("b", await broker.DrainAsync(queue));
    }

    [Fact]
    public async Task A_large_body_waits_in_its_file()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        var large = new string('x', 3 << 20);
        await broker.PublishToAsync(exchange, "key", large, Delayed(1000));
        await broker.RestartAsync(afterMs: 500);
        Assert.Equal(1, broker.Test.Broker.GetOverview().Path.BodyFiles);
        broker.Time.Advance(500);
        await EmptyAsync(broker);
        Assert.Equal(large, await broker.DrainAsync(queue));
        // The file goes when what settles the message is on disk, which nobody waits for.
        await broker.Test.UntilAsync(o =>
        {
            broker.Time.Advance(200);
            return o.Path.BodyFiles == 0;
        });
    }

    // Far more than fits the windows, and due in an order of their own: most are read from segments, one by one.
    [Fact]
    public async Task Very_many_come_in_the_order_of_their_times_whatever_order_they_came_in()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        const int count = 60_000;
        var random = new Random(1);
        var filler = new string('.', 600);
        var delays = Enumerable.Range(0, count).Select(_ => random.Next(1, 2000)).ToArray();
        for (var i = 0; i < count; i += 1000)
        {
            await Task.WhenAll(Enumerable.Range(i, 1000).Select(n => broker.PublishToAsync(
                exchange, "key", $"{delays[n]} {n} {filler}", Delayed(delays[n], persistent: n % 3 != 0)).AsTask()));
        }
        Assert.Equal(count, broker.Test.Broker.GetOverview().MessagesDelayed);
        for (var ms = 0; ms < 2000; ms += 100)
        {
            broker.Time.Advance(100);
            var due = delays.Count(delay => delay <= ms + 100);
            await broker.Test.UntilAsync(o => o.MessagesReady == due);
        }
        await EmptyAsync(broker);
        var before = (Delay: 0, Number: -1);
        for (var i = 0; i < count; i++)
        {
            var words = Encoding.UTF8.GetString((await broker.GetAsync(queue))!.Body.Span).Split(' ');
            var next = (Delay: int.Parse(words[0], null), Number: int.Parse(words[1], null));
            Assert.True(next.CompareTo(before) > 0, $"{before} came before {next}");
            before = next;
        }
    }
}
