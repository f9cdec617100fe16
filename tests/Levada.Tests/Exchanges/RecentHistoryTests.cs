using Levada.Protocol;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>x-recent-history exchanges, as clients use them.</summary>
public sealed class RecentHistoryTests(BrokerFixture fixture)
{
    [Fact]
    public void A_newly_bound_queue_gets_the_last_twenty_messages_and_then_all()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection);
        var first = connection.NewQueue(1);
        connection.Bind(1, first, exchange, "any");
        for (var i = 0; i < 25; i++)
            connection.Publish(1, exchange, $"key.{i}", $"{i}", new BasicProperties { MessageId = $"id-{i}" });
        var late = connection.NewQueue(1);
        connection.Bind(1, late, exchange, "other");
        connection.Publish(1, exchange, "", "new");
        Assert.Equal(Range(0, 25) + " new", connection.Drain(1, first));
        var oldest = connection.Get(1, late, noAck: true);
        Assert.Equal(("5", "key.5", exchange), (oldest.Text, oldest.RoutingKey, oldest.Exchange));
        Assert.Equal("id-5", oldest.Properties.MessageId);
        Assert.False(oldest.Redelivered);
        Assert.Equal(Range(6, 25) + " new", connection.Drain(1, late));
        Delete(connection, exchange);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void The_length_can_be_chosen(int length)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection, new FieldTable().Add("x-recent-history-length", length));
        for (var i = 0; i < 30; i++)
            connection.Publish(1, exchange, "", $"{i}");
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        Assert.Equal(Range(Math.Max(0, 30 - length), 30), connection.Drain(1, queue));
        // A binding that is there already brings nothing.
        connection.Bind(1, queue, exchange);
        connection.GetNothing(1, queue);
        Delete(connection, exchange);
    }

    [Fact]
    public void What_is_not_to_be_stored_is_delivered_but_not_kept()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        connection.Publish(1, exchange, "", "kept");
        connection.Publish(1, exchange, "", "passing", NoStore(true));
        connection.Publish(1, exchange, "", "kept-too", NoStore(false));
        Assert.Equal("kept passing kept-too", connection.Drain(1, queue));
        var late = connection.NewQueue(1);
        connection.Bind(1, late, exchange);
        Assert.Equal("kept kept-too", connection.Drain(1, late));
        Delete(connection, exchange);
    }

    [Fact]
    public void A_consumer_that_waits_on_the_queue_gets_the_history()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection);
        connection.Publish(1, exchange, "", "a");
        connection.Publish(1, exchange, "", "b");
        var queue = connection.NewQueue(1);
        connection.OpenChannel(2);
        connection.Consume(2, queue, noAck: true);
        connection.Send(1, new QueueBind(queue, exchange, ""));
        connection.ExpectDeliveries(2, "a", "b");
        connection.Expect<QueueBindOk>(1);
        Delete(connection, exchange);
    }

    [LevadaFact]
    public void An_exchange_that_is_bound_routes_the_history_on()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection);
        connection.Publish(1, exchange, "a.1", "1");
        connection.Publish(1, exchange, "b.2", "2");
        connection.Publish(1, exchange, "a.3", "3");
        var topic = connection.NewExchange(1, "topic");
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, topic, "a.*");
        connection.Send(1, new ExchangeBind(topic, exchange, ""));
        connection.Expect<ExchangeBindOk>(1);
        Assert.Equal("1 3", connection.Drain(1, queue));
        Delete(connection, exchange);
    }

    [LevadaFact]
    public void Messages_that_come_from_another_exchange_are_kept_too()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection);
        var front = connection.NewExchange(1, "direct");
        connection.Send(1, new ExchangeBind(exchange, front, "k"));
        connection.Expect<ExchangeBindOk>(1);
        connection.Publish(1, front, "k", "1");
        connection.Publish(1, front, "other", "2");
        // The route is known by now.
        connection.Publish(1, front, "k", "3");
        connection.Publish(1, front, "k", "4");
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        Assert.Equal("1 3 4", connection.Drain(1, queue));
        Delete(connection, exchange);
    }

    [LevadaFact]
    public void Large_bodies_are_kept_and_their_files_go_with_the_exchange()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection, new FieldTable().Add("x-recent-history-length", 2));
        var bodies = Enumerable.Range(0, 3).Select(i => new string((char)('a' + i), 3 << 20)).ToArray();
        foreach (var body in bodies)
            connection.Publish(1, exchange, "", body);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        Delete(connection, exchange);
        Assert.Equal(bodies[1], connection.Get(1, queue, noAck: true).Text);
        Assert.Equal(bodies[2], connection.Get(1, queue, noAck: true).Text);
    }

    [Fact]
    public async Task No_more_bytes_are_kept_than_configured()
    {
        await using var broker = await TestBroker.StartAsync(options => options.RecentHistoryBytes = 100_000);
        using var connection = RawConnection.OpenWithChannel(broker);
        var exchange = Declare(connection);
        for (var i = 0; i < 10; i++)
            connection.Publish(1, exchange, "", new string($"{i}"[0], 30_000));
        connection.Publish(1, exchange, "", new string('x', 200_000));
        connection.OpenChannel(2);
        Assert.InRange(broker.Broker.GetOverview().RecentHistoryBytes, 90_000, 100_000);
        var queue = connection.NewQueue(1);
        connection.Bind(1, queue, exchange);
        var kept = connection.Drain(1, queue).Split(' ');
        Assert.Equal("7 8 9", string.Join(' ', kept.Select(body => body[0])));
    }

    [Fact]
    public async Task Files_of_large_bodies_are_deleted_when_nobody_needs_them()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var exchange = Declare(connection, new FieldTable().Add("x-recent-history-length", 1));
        connection.SelectConfirms(1);
        connection.Publish(1, exchange, "", new string('a', 2 << 20));
        connection.Publish(1, exchange, "", new string('b', 2 << 20));
        connection.ExpectConfirms(1, 2);
        Assert.Equal(1, broker.Broker.Bodies.Count);
        Delete(connection, exchange);
        Assert.Equal(0, broker.Broker.Bodies.Count);
    }

    [Fact]
    public async Task A_message_published_while_a_queue_is_bound_is_not_lost()
    {
        const int queuesBound = 20;
        const int messagesMax = 2000;
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection, new FieldTable().Add("x-recent-history-length", 100_000));
        using var publisher = RawConnection.OpenWithChannel(fixture.Broker);
        publisher.SelectConfirms(1);
        var published = 0;
        var isOver = false;
        var publishing = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref isOver) && published < messagesMax)
                {
                    publisher.Publish(1, exchange, "", $"{published}");
                    publisher.ExpectConfirms(1, 1, (ulong)published + 1);
                    published++;
                }
            },
            TestContext.Current.CancellationToken);
        var queues = new List<string>();
        for (var i = 0; i < queuesBound; i++)
        {
            queues.Add(connection.NewQueue(1));
            connection.Bind(1, queues[^1], exchange);
        }

        Volatile.Write(ref isOver, true);
        await publishing;
        foreach (var queue in queues)
        {
            var bodies = connection.Drain(1, queue).Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(int.Parse).ToHashSet();
            Assert.Empty(Enumerable.Range(0, published).Except(bodies));
        }

        Delete(connection, exchange);
    }

    [Fact]
    public async Task After_a_restart_the_exchange_is_there_and_its_history_forgotten()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using (var connection = RawConnection.OpenWithChannel(broker))
        {
            connection.DeclareExchange(
                1, "x", "x-recent-history", durable: true,
                arguments: new FieldTable().Add("x-recent-history-length", 2));
            connection.Publish(1, "x", "", "before", new BasicProperties { DeliveryMode = 2 });
        }

        await broker.StopAsync();
        await broker.StartAgainAsync();
        using var again = RawConnection.OpenWithChannel(broker);
        foreach (var body in new[] { "1", "2", "3" })
            again.Publish(1, "x", "", body);
        var queue = again.NewQueue(1);
        again.Bind(1, queue, "x");
        Assert.Equal("2 3", again.Drain(1, queue));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    public void A_length_that_is_not_positive_is_406(int length, string shown) =>
        ExpectRefused(FieldValue.Int(length), shown);

    [Fact]
    public void A_length_that_is_no_number_is_406() => ExpectRefused(FieldValue.String("five"), "<<\"five\">>");

    [LevadaFact]
    public void Declared_again_with_another_length_is_406()
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        var exchange = Declare(connection, new FieldTable().Add("x-recent-history-length", 5));
        connection.Send(1, new ExchangeDeclare(
            exchange, "x-recent-history", Arguments: new FieldTable().Add("x-recent-history-length", 6)));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'x-recent-history-length' for exchange '{exchange}' in vhost '/': received the "
            + "value '6' of type 'signedint' but current is the value '5' of type 'signedint'",
            MethodId.ExchangeDeclare);
        Delete(connection, exchange);
    }

    private void ExpectRefused(FieldValue length, string shown)
    {
        using var connection = RawConnection.OpenWithChannel(fixture.Broker);
        connection.Send(1, new ExchangeDeclare(
            TestBroker.Name("bad"), "x-recent-history",
            Arguments: new FieldTable().Add("x-recent-history-length", length)));
        connection.ExpectChannelError(
            1, 406, $"Invalid argument {shown}, 'x-recent-history-length' must be a positive integer",
            MethodId.ExchangeDeclare);
    }

    private static string Declare(RawConnection connection, FieldTable? arguments = null)
    {
        var name = TestBroker.Name("history");
        connection.DeclareExchange(1, name, "x-recent-history", arguments: arguments);
        return name;
    }

    private static void Delete(RawConnection connection, string exchange)
    {
        connection.Send(1, new ExchangeDelete(exchange));
        connection.Expect<ExchangeDeleteOk>(1);
    }

    private static string Range(int from, int to) => string.Join(' ', Enumerable.Range(from, to - from));

    private static BasicProperties NoStore(bool value) =>
        new() { Headers = new FieldTable().Add("x-recent-history-no-store", value) };
}
