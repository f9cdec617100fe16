using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>Queues with x-message-deduplication, as clients use them.</summary>
public sealed class QueueDeduplicationTests(BrokerFixture fixture)
{
    private const string Header = "x-deduplication-header";

    [LevadaFact]
    public void A_message_whose_header_was_seen_is_left_out_and_confirmed_and_only_here()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var (once, always) = (Declare(connection), connection.NewQueue(1));
        connection.Bind(1, once, "amq.direct", once);
        connection.Bind(1, always, "amq.direct", once);
        connection.SelectConfirms(1);
        foreach (var (id, body) in new[] { ("a", "1"), ("b", "2"), ("a", "3"), ("A", "4"), ("b", "5") })
            connection.Publish(1, "amq.direct", once, body, With(id), mandatory: true);
        connection.Publish(1, "amq.direct", once, "6");
        connection.Publish(1, "amq.direct", once, "7");
        connection.ExpectConfirms(1, 7);
        Assert.Equal("1 2 4 6 7", connection.Drain(1, once));
        Assert.Equal("1 2 3 4 5 6 7", connection.Drain(1, always));
    }

    [LevadaFact]
    public void Size_and_name_of_the_header_are_its_own()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Declare(connection, ("x-cache-size", FieldValue.Int(2)), (Header, FieldValue.String("id")));
        foreach (var id in new[] { "a", "b", "a", "c", "b", "a" })
            connection.Publish(1, "", queue, id, new BasicProperties { Headers = new FieldTable().Add("id", id) });
        connection.Publish(1, "", queue, "x", With("x"));
        connection.Publish(1, "", queue, "x", With("x"));
        Assert.Equal("a b c a x x", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void A_message_that_comes_back_is_no_duplicate_of_itself()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Declare(connection);
        connection.Publish(1, "", queue, "1", With("a"));
        connection.Send(1, new BasicGet(queue));
        connection.Send(1, new BasicReject(connection.ExpectGetOk(1).DeliveryTag, Requeue: true));
        connection.Publish(1, "", queue, "2", With("a"));
        Assert.Equal("1*", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void What_a_full_queue_refused_may_come_again()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Declare(
            connection, ("x-max-length", FieldValue.Int(1)), ("x-overflow", FieldValue.String("reject-publish")));
        connection.SelectConfirms(1);
        connection.Publish(1, "", queue, "1", With("a"));
        connection.ExpectConfirms(1, 1);
        connection.Publish(1, "", queue, "2", With("b"));
        Assert.Equal(2ul, connection.Expect<BasicNack>(1).DeliveryTag);
        Assert.Equal("1", connection.Drain(1, queue));
        connection.Publish(1, "", queue, "3", With("b"));
        connection.ExpectConfirms(1, 1, first: 3);
        Assert.Equal("3", connection.Drain(1, queue));
    }

    [LevadaFact]
    public void With_a_length_that_drops_the_oldest_the_newest_is_kept()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var queue = Declare(connection, ("x-max-length", FieldValue.Int(2)));
        foreach (var id in new[] { "a", "b", "b", "c", "a" })
            connection.Publish(1, "", queue, id, With(id));
        Assert.Equal("b c", connection.Drain(1, queue));
    }

    [Fact]
    public async Task A_value_is_forgotten_after_its_time_and_by_a_restart()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(
            durable: true, arguments: [("x-message-deduplication", true), ("x-cache-ttl", 60_000)]);
        await PublishAsync("1");
        broker.Time.Advance(59_999);
        await PublishAsync("2");
        broker.Time.Advance(1);
        await PublishAsync("3");
        await PublishAsync("4");
        Assert.Equal(2, broker.Test.Broker.GetOverview().Messages.Deduplicated);
        await broker.RestartAsync(afterMs: 1);
        await PublishAsync("5");
        await PublishAsync("6");
        Assert.Equal("1 3 5", await broker.DrainAsync(queue));

        ValueTask PublishAsync(string body) => broker.PublishToAsync("", queue, body, new()
        {
            Persistent = true, Headers = new Dictionary<string, object?> { [Header] = "a" },
        });
    }

    [LevadaTheory]
    [InlineData("x-message-deduplication", "yes", "expected a bool, got longstr")]
    [InlineData("x-cache-size", 0, "expected an integer from 1 to 1000000 (deduplication_cache_max), got 0")]
    [InlineData("x-cache-ttl", -1, "expected a non-negative integer, got -1")]
    [InlineData(Header, 1, "expected a longstr, got signedint")]
    public void Arguments_that_make_no_sense_are_406(string argument, object value, string text)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var field = value is int number ? FieldValue.Int(number) : FieldValue.String((string)value);
        var arguments = new FieldTable();
        if (argument != "x-message-deduplication")
            arguments.Add("x-message-deduplication", true);
        connection.Send(1, new QueueDeclare("bad", Arguments: arguments.Add(argument, field)));
        connection.ExpectChannelError(
            1, 406, $"invalid arg '{argument}' for queue 'bad' in vhost '/': {text}", MethodId.QueueDeclare);
    }

    private static string Declare(RawConnection connection, params (string Name, FieldValue Value)[] more)
    {
        var name = TestBroker.Name("once");
        var arguments = new FieldTable().Add("x-message-deduplication", true);
        foreach (var (argument, value) in more)
            arguments.Add(argument, value);
        connection.Send(1, new QueueDeclare(name, Exclusive: true, Arguments: arguments));
        connection.Expect<QueueDeclareOk>(1);
        return name;
    }

    private static BasicProperties With(string id) => new() { Headers = new FieldTable().Add(Header, id) };
}
