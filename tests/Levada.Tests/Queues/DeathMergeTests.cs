using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>
/// x-death and x-first-death-*, field by field with their types, as deaths follow each other. They run on RabbitMQ too,
/// which gives the fields of a table in another order each time.
/// </summary>
public sealed class DeathMergeTests
{
    [Fact]
    public async Task Four_reasons_in_four_queues_are_four_entries_the_latest_first()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = RawConnection.OpenWithChannel(broker);
        var end = Declare(client, "end", null);
        var d = Declare(client, "d", end, new FieldTable().Add("x-queue-type", "quorum").Add("x-delivery-limit", 1));
        var c = Declare(client, "c", d, new FieldTable().Add("x-max-length", 0));
        var b = Declare(client, "b", c, new FieldTable().Add("x-message-ttl", 1));
        var a = Declare(client, "a", b);
        Publish(client, a);
        client.Send(1, new BasicReject(Get(client, a).DeliveryTag, Requeue: false));
        for (var i = 0; i < 2; i++)
            client.Send(1, new BasicReject(Get(client, d).DeliveryTag, Requeue: true));
        Assert.Equal(
            "x-death:array=["
            + Entry(1, "delivery_limit", "d", "d") + Entry(1, "maxlen", "c", "c") + Entry(1, "expired", "b", "b")
            + Entry(1, "rejected", "a", "a") + "] " + First("a", "rejected"),
            Shape(Get(client, end)));
    }

    [Fact]
    public async Task The_same_queue_and_reason_again_is_counted_and_comes_to_the_front()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = RawConnection.OpenWithChannel(broker);
        var (a, b) = (TestBroker.Name("a"), TestBroker.Name("b"));
        DeclareNamed(client, a, b);
        DeclareNamed(client, b, a, new FieldTable().Add("x-message-ttl", 1));
        Publish(client, a);
        for (var round = 1; round <= 3; round++)
        {
            client.Send(1, new BasicReject(Get(client, a).DeliveryTag, Requeue: false));
            var message = Get(client, a);
            Assert.Equal(
                "x-death:array=[" + Entry(round, "expired", "b", "b") + Entry(round, "rejected", "a", "a") + "] "
                + First("a", "rejected"), Shape(message));
            client.Send(1, new BasicReject(message.DeliveryTag, Requeue: true));
        }
    }

    [Fact]
    public async Task Another_reason_in_the_same_queue_is_another_entry()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = RawConnection.OpenWithChannel(broker);
        var (a, b) = (TestBroker.Name("a"), TestBroker.Name("b"));
        DeclareNamed(client, a, b);
        DeclareNamed(client, b, a);
        Publish(client, a, new BasicProperties { Expiration = "1" });
        client.Send(1, new BasicReject(Get(client, b).DeliveryTag, Requeue: false));
        client.Send(1, new BasicReject(Get(client, a).DeliveryTag, Requeue: false));
        Assert.Equal(
            "x-death:array=[" + Entry(1, "rejected", "a", "a") + Entry(1, "rejected", "b", "b")
            + Entry(1, "expired", "a", "a", "1") + "] " + First("a", "expired"),
            Shape(Get(client, b)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Copies_are_in_the_keys_and_stay_unless_the_queue_has_a_key_for_its_dead(bool hasKey)
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = RawConnection.OpenWithChannel(broker);
        var exchange = TestBroker.Name("dlx");
        client.DeclareExchange(1, exchange, "fanout");
        var end = Declare(client, "end", null);
        client.Bind(1, end, exchange, "");
        var arguments = new FieldTable().Add("x-dead-letter-exchange", exchange);
        if (hasKey)
            arguments.Add("x-dead-letter-routing-key", "dead");
        var name = TestBroker.Name("a");
        client.DeclareQueue(1, name, arguments: arguments);
        var headers = new FieldTable()
            .Add("CC", FieldValue.Array([FieldValue.String("cc-nobody")]))
            .Add("BCC", FieldValue.Array([FieldValue.String("bcc-nobody")]));
        Publish(client, name, new BasicProperties { Headers = headers });
        client.Send(1, new BasicReject(Get(client, name).DeliveryTag, Requeue: false));
        var entry = "{count:long=1 exchange:longstr= queue:longstr=a reason:longstr=rejected "
            + "routing-keys:array=[longstr=a longstr=cc-nobody ] time:timestamp=T}";
        Assert.Equal(
            (hasKey ? "" : "CC:array=[longstr=cc-nobody ] ") + $"x-death:array=[{entry}] "
            + First("a", "rejected"), Shape(Get(client, end)));
    }

    [Fact]
    public async Task An_expiration_of_its_own_is_told_and_taken_away_once()
    {
        await using var broker = await TestBroker.StartAsync();
        using var client = RawConnection.OpenWithChannel(broker);
        var end = Declare(client, "end", null);
        var b = Declare(client, "b", end);
        var a = Declare(client, "a", b);
        Publish(client, a, new BasicProperties { Expiration = "1" });
        client.Send(1, new BasicReject(Get(client, b).DeliveryTag, Requeue: false));
        var message = Get(client, end);
        Assert.Equal(
            "x-death:array=[" + Entry(1, "rejected", "b", "b") + Entry(1, "expired", "a", "a", "1") + "] "
            + First("a", "expired"), Shape(message));
        Assert.Null(message.Properties.Expiration);
    }

    private static string First(string queue, string reason) =>
        $"x-first-death-exchange:longstr= x-first-death-queue:longstr={queue} x-first-death-reason:longstr={reason}";

    private static string Entry(int count, string reason, string queue, string key, string? expiration = null) =>
        $"{{count:long={count} exchange:longstr= "
        + (expiration is null ? "" : $"original-expiration:longstr={expiration} ")
        + $"queue:longstr={queue} reason:longstr={reason} routing-keys:array=[longstr={key} ] time:timestamp=T}}";

    private static string Declare(RawConnection client, string hint, string? next, FieldTable? more = null) =>
        DeclareNamed(client, TestBroker.Name(hint), next, more);

    // What dies in it goes to the next one.
    private static string DeclareNamed(RawConnection client, string name, string? next, FieldTable? more = null)
    {
        var arguments = more ?? new FieldTable();
        if (next is not null)
            arguments.Add("x-dead-letter-exchange", "").Add("x-dead-letter-routing-key", next);
        return client.DeclareQueue(1, name, durable: true, arguments: arguments).Queue;
    }

    private static void Publish(RawConnection client, string queue, BasicProperties? properties = null) =>
        client.Publish(1, "", queue, "body", properties ?? new BasicProperties());

    private static RawMessage Get(RawConnection client, string queue)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline;)
        {
            client.Send(1, new BasicGet(queue));
            if (!client.Peek().Is<BasicGetEmpty>())
                return client.ExpectGetOk(1);
            client.Expect<BasicGetEmpty>(1);
        }
        throw new AmqpExpectationException($"nothing came to {queue}");
    }

    // RabbitMQ has x-last-death-* from 3.13 on.
    private static string Shape(RawMessage message) => string.Join(' ', message.Properties.Headers!
        .Where(static field => !field.Key.StartsWith("x-last-death-", StringComparison.Ordinal)
            && field.Key != "x-delivery-count")
        .OrderBy(static field => field.Key, StringComparer.Ordinal)
        .Select(static field => $"{field.Key}:{Shown(field.Value)}"));

    private static string Shown(FieldValue value) => value.Type switch
    {
        FieldType.Array => $"array=[{string.Concat(value.AsArray.Select(static v =>
            v.Type == FieldType.Table ? Shown(v) : Shown(v) + " "))}]",
        FieldType.Table => $"{{{string.Join(' ', value.AsTable.OrderBy(static f => f.Key, StringComparer.Ordinal)
            .Select(static f => $"{f.Key}:{Shown(f.Value)}"))}}}",
        FieldType.Timestamp => "timestamp=T",
        FieldType.LongString => $"longstr={Short(value.AsString)}",
        _ => $"{value.TypeName}={value.AsLong}",
    };

    // Names are drawn by lot: what stands before the lot is told.
    private static string Short(string text) => text.Split('-', '.')[0] is { Length: > 0 } name
        && text.Length > name.Length && !text.EndsWith("nobody", StringComparison.Ordinal) ? name : text;
}
