using Levada.Protocol;
using Levada.Tests.Rules;
using Levada.Tests.Warnings;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>Exchanges with x-message-deduplication, as clients use them.</summary>
public sealed class DeduplicationTests(BrokerFixture fixture)
{
    private const string Header = "x-deduplication-header";

    [LevadaTheory]
    [InlineData("direct")]
    [InlineData("fanout")]
    [InlineData("topic")]
    [InlineData("x-consistent-hash")]
    public void A_message_whose_header_was_seen_is_left_out_and_confirmed(string type)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, type, arguments: On());
        connection.Bind(1, queue, exchange, "1");
        connection.SelectConfirms(1);
        foreach (var (id, body) in new[] { ("a", "1"), ("b", "2"), ("a", "3"), ("A", "4"), ("b", "5") })
            connection.Publish(1, exchange, "1", body, With(id));
        connection.Publish(1, exchange, "1", "6");
        connection.Publish(1, exchange, "1", "7");
        connection.ExpectConfirms(1, 7);
        Assert.Equal("1 2 4 6 7", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void The_header_can_have_another_name_and_any_type()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "fanout", arguments: On().Add(Header, "id"));
        connection.Bind(1, queue, exchange);
        FieldValue[] values =
        [
            FieldValue.Int(1), FieldValue.String("1"), FieldValue.Long(1), FieldValue.Boolean(true),
            FieldValue.Void, FieldValue.Void, FieldValue.Integer(FieldType.SignedByte, 1), FieldValue.String("1"),
        ];
        for (var i = 0; i < values.Length; i++)
        {
            connection.Publish(
                1, exchange, "", $"{i}", new BasicProperties { Headers = new FieldTable().Add("id", values[i]) });
        }

        connection.Publish(1, exchange, "", "x", With("a"));
        connection.Publish(1, exchange, "", "y", With("a"));
        Assert.Equal("0 1 3 4 5 x y", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void The_oldest_value_is_forgotten_when_the_cache_is_full()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "fanout", arguments: On().Add("x-cache-size", 3));
        connection.Bind(1, queue, exchange);
        foreach (var id in new[] { "a", "b", "c", "c", "a", "d", "b", "a", "d" })
            connection.Publish(1, exchange, "", id, With(id));
        // d takes the place of a; then a takes that of b, and d is still known.
        Assert.Equal("a b c d a", connection.Drain(1, queue));
        var whole = connection.NewExchange(1, "fanout", arguments: On());
        connection.Bind(1, queue, whole);
        for (var i = 0; i <= 128; i++)
            connection.Publish(1, whole, "", "x", With($"{i}"));
        connection.Drain(1, queue);
        connection.Publish(1, whole, "", "128", With("128"));
        connection.Publish(1, whole, "", "1", With("1"));
        connection.Publish(1, whole, "", "0", With("0"));
        Assert.Equal("0", connection.Drain(1, queue));
    }

    [Fact]
    public async Task A_value_is_forgotten_after_its_time()
    {
        var time = new MovedTime();
        await using var broker = await TestBroker.StartAsync(_ => { }, time);
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "fanout", arguments: On().Add("x-cache-ttl", 60_000));
        connection.Bind(1, queue, exchange);
        var longer = With("long");
        longer.Headers!.Add("x-cache-ttl", 120_000);
        connection.Publish(1, exchange, "", "short-1", With("short"));
        connection.Publish(1, exchange, "", "long-1", longer);
        connection.Publish(1, exchange, "", "short-2", With("short"));
        Assert.Equal("short-1 long-1", connection.Drain(1, queue));
        time.Advance(TimeSpan.FromSeconds(61));
        connection.Publish(1, exchange, "", "short-3", With("short"));
        connection.Publish(1, exchange, "", "short-4", With("short"));
        connection.Publish(1, exchange, "", "long-2", longer);
        Assert.Equal("short-3", connection.Drain(1, queue));
        time.Advance(TimeSpan.FromSeconds(61));
        connection.Publish(1, exchange, "", "long-3", longer);
        Assert.Equal("long-3", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void What_a_rollback_takes_back_or_no_queue_took_may_come_again()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = connection.NewQueue(1);
        connection.DeclareExchange(1, TestBroker.Name("keep"), autoDelete: true);
        var exchange = TestBroker.Name("dedup");
        connection.DeclareExchange(1, exchange, "direct", arguments: On());
        connection.Publish(1, exchange, "k", "0", With("unroutable"));
        connection.Bind(1, queue, exchange, "k");
        connection.Publish(1, exchange, "k", "1", With("unroutable"));
        connection.OpenChannel(2);
        connection.SelectTx(2);
        connection.Publish(2, exchange, "k", "2", With("tx"));
        connection.Rollback(2);
        connection.Publish(2, exchange, "k", "3", With("tx"));
        connection.Publish(2, exchange, "k", "4", With("tx"));
        connection.Commit(2);
        connection.Publish(2, exchange, "k", "5", With("tx"));
        connection.Commit(2);
        connection.Publish(2, exchange, "k", "6", With("closed"));
        connection.CloseChannel(2);
        connection.Publish(1, exchange, "k", "7", With("closed"));
        Assert.Equal("1 3 7", connection.Drain(1, queue));
        connection.Send(1, new ExchangeDelete(exchange));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    [Fact]
    public async Task Duplicates_are_counted_and_a_mandatory_one_comes_back()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = connection.NewQueue(1);
        var exchange = connection.NewExchange(1, "fanout", arguments: On());
        connection.Bind(1, queue, exchange);
        connection.Publish(1, exchange, "", "1", With("a"));
        connection.Publish(1, exchange, "", "2", With("a"));
        connection.Publish(1, exchange, "", "3", With("a"), mandatory: true);
        Assert.Equal("3", connection.ExpectReturn(1).Text);
        var totals = broker.Broker.GetOverview().Messages;
        Assert.Equal((3, 2, 1, 0), (totals.Published, totals.Deduplicated, totals.Returned, totals.DroppedUnroutable));
    }

    [Fact]
    public async Task After_a_restart_the_arguments_are_there_and_the_values_forgotten()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareExchange(1, "x", "fanout", durable: true, arguments: On());
            connection.DeclareQueue(1, "q", durable: true);
            connection.Bind(1, "q", "x");
            connection.Publish(1, "x", "", "1", With("a"));
            Assert.Equal("1", connection.Drain(1, "q"));
        }

        await broker.StopAsync();
        await broker.StartAgainAsync();
        using var again = RawConnection.OpenWithChannel(broker);
        again.Publish(1, "x", "", "2", With("a"));
        again.Publish(1, "x", "", "3", With("a"));
        Assert.Equal("2", again.Drain(1, "q"));
    }

    [LevadaTheory]
    [InlineData("x-message-deduplication", "yes", "expected a bool, got longstr")]
    [InlineData("x-cache-size", 0, "expected an integer from 1 to 1000000 (deduplication_cache_max), got 0")]
    [InlineData(
        "x-cache-size", 1_000_001, "expected an integer from 1 to 1000000 (deduplication_cache_max), got 1000001")]
    [InlineData("x-cache-size", "many", "expected an integer from 1 to 1000000 (deduplication_cache_max), got longstr")]
    [InlineData("x-cache-ttl", -1, "expected a non-negative integer, got -1")]
    [InlineData("x-cache-ttl", "long", "expected a non-negative integer, got longstr")]
    public void Arguments_that_make_no_sense_are_406(string argument, object value, string text)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var arguments = argument == "x-message-deduplication" ? new FieldTable() : On();
        arguments.Add(argument, value is int number ? FieldValue.Int(number) : FieldValue.String((string)value));
        connection.Send(1, new ExchangeDeclare("bad", "direct", Arguments: arguments));
        connection.ExpectChannelError(
            1, 406, $"invalid arg '{argument}' for exchange 'bad' in vhost '/': {text}", MethodId.ExchangeDeclare);
    }

    [LevadaTheory]
    [InlineData("x-cache-size", 5, 6)]
    [InlineData("x-cache-ttl", 5, 6)]
    [InlineData("x-message-deduplication", 1, 0)]
    public void Declared_again_with_another_argument_is_406(string argument, int first, int second)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = TestBroker.Name("x");
        connection.DeclareExchange(1, exchange, autoDelete: true, arguments: Arguments(first));
        connection.DeclareExchange(1, exchange, autoDelete: true, arguments: Arguments(first));
        connection.Send(1, new ExchangeDeclare(exchange, "direct", AutoDelete: true, Arguments: Arguments(second)));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg '{argument}' for exchange '{exchange}' in vhost '/': received the value ",
            MethodId.ExchangeDeclare);

        FieldTable Arguments(int value) => argument == "x-message-deduplication"
            ? new FieldTable().Add(argument, value == 1)
            : On().Add(argument, value);
    }

    private static FieldTable On() => new FieldTable().Add("x-message-deduplication", true);

    private static BasicProperties With(string id) => new() { Headers = new FieldTable().Add(Header, id) };
}
