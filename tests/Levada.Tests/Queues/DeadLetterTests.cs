using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>Dead-lettering: why, where to, and what the headers say then.</summary>
public sealed class DeadLetterTests
{
    private const string Exchange = "x-dead-letter-exchange";
    private const string RoutingKey = "x-dead-letter-routing-key";

    [Fact]
    public async Task An_expired_message_goes_on_and_its_headers_say_why()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var (source, target) = await PairAsync(broker);
        await broker.PublishToAsync("amq.direct", source, "a", new BasicProperties
        {
            Expiration = "500", Persistent = true, AppId = "app",
            Headers = new Dictionary<string, object?> { ["mine"] = 1 },
        });
        var died = broker.Time.GetUtcNow().AddMilliseconds(500).ToUnixTimeSeconds();
        await broker.PassAsync(500);
        var message = await ArrivedAsync(broker, target);
        Assert.Equal(("", target), (message.Exchange, message.RoutingKey));
        Assert.False(message.BasicProperties.IsExpirationPresent());
        Assert.Equal(("app", DeliveryModes.Persistent),
            (message.BasicProperties.AppId, message.BasicProperties.DeliveryMode));
        var headers = message.BasicProperties.Headers!;
        Assert.Equal(1, headers["mine"]);
        foreach (var which in (string[])["first", "last"])
        {
            Assert.Equal("expired", Text(headers[$"x-{which}-death-reason"]));
            Assert.Equal(source, Text(headers[$"x-{which}-death-queue"]));
            Assert.Equal("amq.direct", Text(headers[$"x-{which}-death-exchange"]));
        }
        var death = Assert.Single(Deaths(message));
        Assert.Equal(
            ["count", "reason", "queue", "time", "exchange", "routing-keys", "original-expiration"], death.Keys);
        Assert.Equal((1L, "expired", source), (death["count"], Text(death["reason"]), Text(death["queue"])));
        if (!TestBroker.IsForeign)
            Assert.Equal(new AmqpTimestamp(died), death["time"]);
        Assert.Equal("amq.direct", Text(death["exchange"]));
        Assert.Equal([source], ((List<object?>)death["routing-keys"]!).Select(Text));
        Assert.Equal("500", Text(death["original-expiration"]));
        await broker.UntilAsync(static o => o.MessagesUnacked == 0);
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("maxlen")]
    [InlineData("refused")]
    [InlineData("delivery_limit")]
    public async Task Whatever_ends_it_here_is_the_reason(string how)
    {
        await using var broker = await ClockedBroker.StartAsync();
        (string, object?)[] more = how switch
        {
            "maxlen" => [("x-max-length", 0)],
            "refused" => [("x-max-length", 0), ("x-overflow", "reject-publish-dlx")],
            "delivery_limit" => [("x-delivery-limit", 1)],
            _ => [],
        };
        var (source, target) = await PairAsync(broker, more);
        if (how == "refused")
            await Assert.ThrowsAsync<PublishException>(() => broker.PublishAsync(source, "a").AsTask());
        else
            await broker.PublishAsync(source, "a");
        for (var i = 0; how == "rejected" ? i < 1 : how == "delivery_limit" && i < 2; i++)
        {
            var held = await broker.GetAsync(source, autoAck: false);
            await broker.Channel.BasicNackAsync(
                held!.DeliveryTag, false, requeue: how == "delivery_limit", ClockedBroker.Cancelled);
        }
        var message = await ArrivedAsync(broker, target);
        Assert.Equal(how == "refused" ? "maxlen" : how, Text(Assert.Single(Deaths(message))["reason"]));
        Assert.Equal(0u, await broker.CountAsync(source));
    }

    [Fact]
    public async Task Without_a_key_of_the_queues_a_message_keeps_its_own_and_its_copies()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var source = await broker.DeclareAsync(arguments: (Exchange, "amq.topic"));
        var byKey = await broker.DeclareAsync();
        var byCopy = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(byKey, "amq.topic", source, cancellationToken: ClockedBroker.Cancelled);
        await broker.Channel.QueueBindAsync(byCopy, "amq.topic", "copy", cancellationToken: ClockedBroker.Cancelled);
        await broker.PublishToAsync("", source, "a", new BasicProperties
        {
            Expiration = "0", Headers = new Dictionary<string, object?> { ["CC"] = new List<object> { "copy" } },
        });
        foreach (var queue in (string[])[byKey, byCopy])
        {
            var message = await ArrivedAsync(broker, queue);
            Assert.Equal(("amq.topic", source), (message.Exchange, message.RoutingKey));
            var keys = (List<object?>)Assert.Single(Deaths(message))["routing-keys"]!;
            Assert.Equal([source, "copy"], keys.Select(Text));
        }
    }

    [Fact]
    public async Task Deaths_are_counted_by_queue_and_reason_the_latest_first()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var work = TestBroker.Name("work");
        var wait = await broker.DeclareAsync(
            arguments: [(Exchange, ""), (RoutingKey, work), ("x-message-ttl", 1000)]);
        await broker.DeclareAsync(work, arguments: [(Exchange, ""), (RoutingKey, wait)]);
        await broker.PublishAsync(work, "a");
        for (var round = 1; round <= 3; round++)
        {
            var held = await ArrivedAsync(broker, work, autoAck: false);
            Assert.Equal(round > 1, held.BasicProperties.Headers?.ContainsKey("x-death") ?? false);
            await broker.Channel.BasicRejectAsync(held.DeliveryTag, requeue: false, ClockedBroker.Cancelled);
            await broker.UntilAsync(static o => o is { MessagesReady: 1, MessagesUnacked: 0 });
            await broker.PassAsync(1000);
        }
        var message = await ArrivedAsync(broker, work);
        Assert.Equal(
            [("expired", wait, 3L), ("rejected", work, 3L)],
            Deaths(message).Select(d => (Text(d["reason"]), Text(d["queue"]), (long)d["count"]!)));
        Assert.Equal("rejected", Text(message.BasicProperties.Headers!["x-first-death-reason"]));
        Assert.Equal("expired", Text(message.BasicProperties.Headers!["x-last-death-reason"]));
    }

    [Fact]
    public async Task What_a_client_says_of_deaths_counts_for_nothing()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var (source, target) = await PairAsync(broker);
        var forged = new Dictionary<string, object?>
        {
            ["count"] = 40L, ["reason"] = "expired", ["queue"] = source,
        };
        var properties = new BasicProperties
        {
            Expiration = "0",
            Headers = new Dictionary<string, object?>
            {
                ["x-death"] = new List<object?> { forged }, ["x-first-death-queue"] = "elsewhere",
            },
        };
        await broker.PublishToAsync("", source, "a", properties);
        var message = await ArrivedAsync(broker, target);
        Assert.Equal(1L, Assert.Single(Deaths(message))["count"]);
        Assert.Equal(source, Text(message.BasicProperties.Headers!["x-first-death-queue"]));
    }

    [Fact]
    public async Task A_message_that_would_go_round_by_itself_is_dropped()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var first = TestBroker.Name("first");
        var second = await broker.DeclareAsync(
            arguments: [(Exchange, ""), (RoutingKey, first), ("x-message-ttl", 100)]);
        await broker.DeclareAsync(first, arguments: [(Exchange, ""), (RoutingKey, second), ("x-message-ttl", 100)]);
        await broker.PublishAsync(first, "a");
        if (!TestBroker.IsForeign)
        {
            broker.Time.Advance(100);
            await broker.UntilAsync(static o => o.Messages.DeadLettered == 1);
            Assert.Equal(1u, await broker.CountAsync(second));
        }
        await broker.PassAsync(100);
        await broker.UntilCountAsync(second, 0);
        Assert.Equal(0u, await broker.CountAsync(first));
        await broker.UntilAsync(static o => o is { MessagesReady: 0, MessagesUnacked: 0, Messages.Expired: 2 });
    }

    [Fact]
    public async Task Without_anybody_to_take_it_a_message_is_dropped()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var source = await broker.DeclareAsync(arguments: [(Exchange, "no-such-exchange"), ("x-message-ttl", 100)]);
        await broker.PublishAsync(source, "a");
        await broker.PassAsync(100);
        await broker.UntilCountAsync(source, 0);
        await broker.UntilAsync(static o => o is { MessagesReady: 0, MessagesUnacked: 0 });
    }

    [LevadaFact]
    public async Task Very_many_and_large_ones_arrive_in_order_and_once()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var (source, target) = await PairAsync(broker, ("x-message-ttl", 1000));
        const int count = 30_000;
        var filler = new string('.', 500);
        var publishing = Enumerable.Range(0, count)
            .Select(i => broker.PublishAsync(source, $"{i}{filler}", persistent: i % 2 == 0).AsTask());
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromMinutes(2), ClockedBroker.Cancelled);
        var large = new string('x', 3 << 20);
        await broker.PublishAsync(source, large, persistent: true);
        await broker.PassAsync(1000);
        await broker.UntilAsync(o => o.Messages.DeadLettered == count + 1 && o.MessagesUnacked == 0);
        Assert.Equal(0u, await broker.CountAsync(source));
        Assert.Equal(count + 1u, await broker.CountAsync(target));
        for (var i = 0; i < count; i++)
            Assert.StartsWith($"{i}.", Encoding.UTF8.GetString((await broker.GetAsync(target))!.Body.Span));
        Assert.Equal(large, Encoding.UTF8.GetString((await broker.GetAsync(target))!.Body.Span));
    }

    [LevadaFact]
    public async Task Deaths_survive_a_restart()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var last = await broker.DeclareAsync(durable: true);
        var second = await broker.DeclareAsync(
            durable: true, arguments: [(Exchange, ""), (RoutingKey, last), ("x-message-ttl", 1000)]);
        var first = await broker.DeclareAsync(
            durable: true, arguments: [(Exchange, ""), (RoutingKey, second), ("x-message-ttl", 1000)]);
        await broker.PublishAsync(first, "a", persistent: true);
        await broker.PassAsync(1000);
        await broker.UntilAsync(static o => o.Messages.DeadLettered == 1);
        await broker.RestartAsync(afterMs: 1000);
        var message = await ArrivedAsync(broker, last);
        Assert.Equal([second, first], Deaths(message).Select(d => Text(d["queue"])));
    }

    // A queue bound to amq.direct by its name, whose dead go to the other one.
    private static async Task<(string Source, string Target)> PairAsync(
        ClockedBroker broker, params (string, object?)[] more)
    {
        var target = await broker.DeclareAsync(durable: true);
        var source = await broker.DeclareAsync(
            durable: true, arguments: [(Exchange, ""), (RoutingKey, target), .. more]);
        await broker.Channel.QueueBindAsync(source, "amq.direct", source, cancellationToken: ClockedBroker.Cancelled);
        return (source, target);
    }

    private static async Task<BasicGetResult> ArrivedAsync(ClockedBroker broker, string queue, bool autoAck = true)
    {
        for (var deadline = DateTime.UtcNow + ClockedBroker.Patience; DateTime.UtcNow < deadline;)
        {
            if (await broker.GetAsync(queue, autoAck) is { } message)
                return message;
            await Task.Delay(10, ClockedBroker.Cancelled);
        }
        throw new AmqpExpectationException($"nothing came to {queue}");
    }

    private static List<IDictionary<string, object?>> Deaths(BasicGetResult message) =>
        [.. ((List<object?>)message.BasicProperties.Headers!["x-death"]!).Cast<IDictionary<string, object?>>()];

    private static string Text(object? value) => Encoding.UTF8.GetString((byte[])value!);
}
