using Levada.Protocol;
using Levada.Tests.Queues;
using Levada.Tests.Rules;
using RabbitMQ.Client;
using Xunit;
using static Levada.Tests.Exchanges.DelayedExchange;
using static Levada.Tests.Queues.ClockedBroker;
using Properties = RabbitMQ.Client.BasicProperties;
using WireProperties = Levada.Protocol.BasicProperties;

namespace Levada.Tests.Exchanges;

/// <summary>Exchanges of type x-delayed-message: when a message comes out, and as what.</summary>
public sealed class DelayedMessageTests
{
    [Theory]
    [InlineData("x-delayed-message")]
    [InlineData("x-delayed-exchange")]
    public async Task A_message_comes_when_its_time_is_over_and_its_header_says_so(string type)
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker, type: type);
        var properties = Delayed(1000);
        properties.AppId = "app";
        properties.Persistent = true;
        properties.Headers!["mine"] = "1";
        await broker.PublishToAsync(exchange, "key", "a", properties);
        broker.Time.Advance(999);
        Assert.Equal(0u, await broker.CountAsync(queue));
        Assert.Equal(1, broker.Test.Broker.GetOverview().MessagesDelayed);
        broker.Time.Advance(1);
        var message = await ArrivedAsync(broker, queue);
        Assert.Equal((exchange, "key", false), (message.Exchange, message.RoutingKey, message.Redelivered));
        Assert.Equal(
            ("app", DeliveryModes.Persistent), (message.BasicProperties.AppId, message.BasicProperties.DeliveryMode));
        Assert.Equal(-1000, message.BasicProperties.Headers!["x-delay"]);
        Assert.Equal("1"u8.ToArray(), message.BasicProperties.Headers!["mine"]);
        await EmptyAsync(broker);
    }

    [Fact]
    public async Task They_come_in_the_order_of_their_times()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        foreach (var (body, delay) in new[] { ("e", 300), ("b", 200), ("a", 100), ("c", 200), ("d", 200) })
            await broker.PublishToAsync(exchange, "key", body, Delayed(delay));
        await broker.PublishToAsync(exchange, "key", "now", new Properties());
        Assert.Equal("now", await broker.DrainAsync(queue));
        broker.Time.Advance(100);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 1);
        broker.Time.AdvanceBeforeTimers(1000);
        broker.Time.Advance(0);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 5);
        Assert.Equal("a b c d e", await broker.DrainAsync(queue));
    }

    [LevadaFact]
    public async Task One_that_remembers_its_last_messages_does_so_when_they_are_routed()
    {
        await using var broker = await StartAsync();
        var exchange = TestBroker.Name("delayed");
        await DeclareAsync(broker, exchange, inner: "x-recent-history");
        await broker.PublishToAsync(exchange, "key", "a", Delayed(1000));
        var early = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(early, exchange, "key", cancellationToken: Cancelled);
        Assert.Equal(0u, await broker.CountAsync(early));
        await broker.Channel.QueueUnbindAsync(early, exchange, "key", null, Cancelled);
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        var late = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(late, exchange, "key", cancellationToken: Cancelled);
        Assert.Equal("a", await broker.DrainAsync(late));
    }

    public static TheoryData<string> Immediate =>
        ["0", "-1", "4294967296", "none", "true", "1.5x", "soon", "-9223372036854775808", "nan", "0.9", "void"];

    [Theory]
    [MemberData(nameof(Immediate))]
    public async Task What_is_no_delay_is_routed_at_once_and_left_as_it_is(string what)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "x-delayed-message", arguments: Type("fanout"));
        connection.Bind(1, queue, exchange);
        var headers = new FieldTable();
        FieldValue? value = what switch
        {
            "none" => null,
            "true" => FieldValue.Boolean(true),
            "nan" => FieldValue.Double(double.NaN),
            "0.9" => FieldValue.Double(0.9),
            "void" => FieldValue.Void,
            "soon" or "1.5x" => FieldValue.String(what),
            _ => FieldValue.Long(long.Parse(what, System.Globalization.CultureInfo.InvariantCulture)),
        };
        if (value is { } some)
            headers.Add("x-delay", some);
        connection.Publish(1, exchange, "", "a", new WireProperties { Headers = headers });
        connection.Send(1, new BasicGet(queue, NoAck: true));
        var message = connection.ExpectGetOk(1);
        Assert.Equal(headers.ToBytes(), message.Properties.Headers!.ToBytes());
        Assert.Equal(0, broker.Test.Broker.GetOverview().MessagesDelayed);
    }

    public static TheoryData<string, string, string> Delays => new()
    {
        { "b", "100", "I-100" }, { "B", "200", "I-200" }, { "s", "1000", "I-1000" }, { "u", "60000", "I-60000" },
        { "I", "2147483647", "I-2147483647" }, { "i", "4294967295", "l-4294967295" },
        { "l", "4294967295", "l-4294967295" }, { "L", "1", "I-1" }, { "S", "1500", "I-1500" },
        { "d", "1500.9", "I-1500" }, { "f", "2.5", "I-2" },
    };

    [Theory]
    [MemberData(nameof(Delays))]
    public async Task The_header_may_be_of_any_type_of_number(string type, string value, string delivered)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "x-delayed-message", arguments: Type("fanout"));
        connection.Bind(1, queue, exchange);
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var field = type switch
        {
            "S" => FieldValue.String(value),
            "d" => FieldValue.Double(double.Parse(value, culture)),
            "f" => FieldValue.Float(float.Parse(value, culture)),
            _ => FieldValue.Integer((FieldType)type[0], long.Parse(value, culture)),
        };
        connection.SelectConfirms(1);
        connection.Publish(
            1, exchange, "", "a", new WireProperties { Headers = new FieldTable().Add("x-delay", field) });
        connection.ExpectConfirms(1, 1);
        var ms = (long)decimal.Parse(value, culture);
        for (var left = ms - 1; left > 0; left -= int.MaxValue)
            broker.Time.AdvanceBeforeTimers((int)Math.Min(left, int.MaxValue));
        broker.Time.Advance(0);
        Assert.Equal("", connection.Drain(1, queue));
        broker.Time.Advance(1);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 1);
        connection.Send(1, new BasicGet(queue, NoAck: true));
        var header = Assert.Single(connection.ExpectGetOk(1).Properties.Headers!);
        Assert.Equal(("x-delay", delivered), (header.Key, $"{(char)header.Value.Type}{header.Value.AsLong}"));
    }

    [Theory]
    [InlineData("direct", "a.b", "a.b", "a.c")]
    [InlineData("topic", "a.*", "a.b", "b.b")]
    [InlineData("fanout", "", "any", null)]
    [InlineData("x-consistent-hash", "1", "any", null)]
    [InlineData("x-random", "", "any", null)]
    public async Task Then_it_routes_as_the_other_type_does(string type, string bound, string right, string? wrong)
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker, inner: type, key: bound);
        if (wrong is not null)
            await broker.PublishToAsync(exchange, wrong, "wrong", Delayed(100));
        await broker.PublishToAsync(exchange, right, "right", Delayed(100));
        broker.Time.Advance(100);
        await EmptyAsync(broker);
        Assert.Equal("right", await broker.DrainAsync(queue));
    }

    [Fact]
    public async Task A_headers_exchange_sees_the_headers_that_consumers_see()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker, inner: "headers");
        await broker.Channel.QueueUnbindAsync(queue, exchange, "key", cancellationToken: Cancelled);
        await broker.Channel.QueueBindAsync(
            queue, exchange, "", new Dictionary<string, object?> { ["mine"] = 1, ["x-match"] = "all" },
            cancellationToken: Cancelled);
        foreach (var mine in (int[])[1, 2])
        {
            var properties = Delayed(100);
            properties.Headers!["mine"] = mine;
            await broker.PublishToAsync(exchange, "", $"{mine}", properties);
        }
        broker.Time.Advance(100);
        await EmptyAsync(broker);
        Assert.Equal("1", await broker.DrainAsync(queue));
    }

    [Fact]
    public async Task Bindings_count_as_they_are_when_the_time_is_over()
    {
        await using var broker = await StartAsync();
        var (exchange, before) = await PairAsync(broker);
        await broker.PublishToAsync(exchange, "key", "a", Delayed(1000));
        await broker.PublishToAsync(exchange, "nowhere", "b", Delayed(1000));
        var after = await broker.DeclareAsync();
        await broker.Channel.QueueBindAsync(after, exchange, "key", cancellationToken: Cancelled);
        await broker.Channel.QueueUnbindAsync(before, exchange, "key", cancellationToken: Cancelled);
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        Assert.Equal(("", "a"), (await broker.DrainAsync(before), await broker.DrainAsync(after)));
    }

    [Fact]
    public async Task A_deleted_exchange_takes_what_it_holds_with_it()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        await broker.PublishToAsync(exchange, "key", "a", Delayed(1000));
        await broker.Channel.ExchangeDeleteAsync(exchange, cancellationToken: Cancelled);
        await EmptyAsync(broker);
        await DeclareAsync(broker, exchange);
        await broker.Channel.QueueBindAsync(queue, exchange, "key", cancellationToken: Cancelled);
        await broker.PublishToAsync(exchange, "key", "b", Delayed(1000));
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        Assert.Equal("b", await broker.DrainAsync(queue));
        Assert.Equal(0, broker.Test.Broker.GetOverview().Churn.QueuesDeleted);
    }

    [Fact]
    public async Task A_time_to_live_begins_when_the_delay_is_over()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        var properties = Delayed(1000);
        properties.Expiration = "500";
        await broker.PublishToAsync(exchange, "key", "a", properties);
        broker.Time.Advance(1000);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 1);
        broker.Time.Advance(499);
        Assert.Equal(1u, await broker.CountAsync(queue));
        broker.Time.Advance(1);
        Assert.Equal(0u, await broker.CountAsync(queue));
    }

    [Fact]
    public async Task A_mandatory_one_comes_back_as_with_the_plugin_and_is_delivered()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "x-delayed-message", arguments: Type("fanout"));
        connection.Bind(1, queue, exchange);
        var properties = new WireProperties { Headers = new FieldTable().Add("x-delay", 1000) };
        connection.Publish(1, exchange, "", "a", properties, mandatory: true);
        var returned = connection.ExpectReturn(1);
        Assert.Equal((312, "NO_ROUTE", "a"), (returned.ReplyCode, returned.ReplyText, returned.Text));
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        Assert.Equal("a", connection.Drain(1, queue));
    }

    [Fact]
    public async Task A_transaction_counts_from_its_commit_on()
    {
        await using var broker = await StartAsync();
        var (exchange, queue) = await PairAsync(broker);
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var properties = new WireProperties { Headers = new FieldTable().Add("x-delay", 1000) };
        connection.SelectTx(1);
        connection.Publish(1, exchange, "key", "a", properties);
        connection.Rollback(1);
        connection.Publish(1, exchange, "key", "b", properties);
        Assert.Equal(0, broker.Test.Broker.GetOverview().MessagesDelayed);
        connection.Commit(1);
        Assert.Equal(1, broker.Test.Broker.GetOverview().MessagesDelayed);
        broker.Time.Advance(1000);
        await EmptyAsync(broker);
        Assert.Equal("b", await broker.DrainAsync(queue));
    }

    [Theory]
    [InlineData(null, "Invalid argument, 'x-delayed-type' must be an existing exchange type")]
    [InlineData(1, "Invalid argument, 'x-delayed-type' must be an existing exchange type")]
    [InlineData("no-such", "unknown exchange type 'no-such'")]
    [InlineData("x-delayed-message", "Invalid argument, 'x-delayed-message' can't be used for 'x-delayed-type'")]
    public async Task Without_a_type_to_route_by_it_is_406(object? type, string text)
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var arguments = new FieldTable();
        if (type is int number)
            arguments.Add("x-delayed-type", number);
        else if (type is string name)
            arguments.Add("x-delayed-type", name);
        connection.Send(1, new ExchangeDeclare("bad", "x-delayed-message", Arguments: arguments));
        connection.ExpectChannelError(1, 406, text, MethodId.ExchangeDeclare);
    }

    [Fact]
    public async Task Declared_again_with_another_type_it_is_406()
    {
        await using var broker = await StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker.Test);
        var exchange = connection.NewExchange(1, "x-delayed-message", arguments: Type("fanout"));
        connection.Send(1, new ExchangeDeclare(
            exchange, "x-delayed-exchange", AutoDelete: true, Arguments: Type("fanout")));
        connection.Expect<ExchangeDeclareOk>(1);
        connection.Send(1, new ExchangeDeclare(
            exchange, "x-delayed-message", AutoDelete: true, Arguments: Type("topic")));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'x-delayed-type' for exchange '{exchange}' in vhost '/': received the value",
            MethodId.ExchangeDeclare);
    }

    private static FieldTable Type(string name) => new FieldTable().Add("x-delayed-type", name);
}
