using System.Globalization;
using Levada.Protocol;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-max-priority. A body is the priority and a letter, to be read at a glance.</summary>
public sealed class PriorityTests
{
    private const string MaxPriority = "x-max-priority";

    [Fact]
    public async Task The_highest_priority_comes_first_and_within_it_the_oldest()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, 5);
        Fill(connection, queue, "0a", "3a", "5a", "3b", "0b", "1a", "5b");
        // None counts as 0, and more than there is as the most.
        connection.Fill(queue, "none");
        Fill(connection, queue, "9a", "255b", "4a");
        Assert.Equal(11u, connection.Count(1, queue));
        Assert.Equal("5a 5b 9a 255b 4a 3a 3b 1a 0a 0b none", connection.Drain(1, queue));
        Fill(connection, queue, "2c", "2d");
        Assert.Equal("2c 2d", connection.Drain(1, queue));
    }

    [Fact]
    public async Task A_message_that_comes_back_goes_to_its_old_place()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, 9);
        Fill(connection, queue, "1a", "7a", "7b", "7c", "4a");
        var held = new[] { connection.Get(1, queue), connection.Get(1, queue), connection.Get(1, queue) };
        Assert.Equal(["7a", "7b", "7c"], held.Select(m => m.Text));
        Fill(connection, queue, "7d", "9a", "0a");
        foreach (var message in (RawMessage[])[held[1], held[0]])
            connection.Send(1, new BasicNack(message.DeliveryTag, false, true));
        connection.Send(1, new BasicAck(held[2].DeliveryTag));
        Assert.Equal("9a 7a* 7b* 7d 4a 1a 0a", connection.Drain(1, queue));
    }

    [Fact]
    public async Task What_comes_while_others_wait_overtakes_them()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = Declare(connection, 10);
        Fill(connection, queue, "1a", "1b");
        connection.Qos(2, 1);
        connection.Consume(2, queue);
        var tag = connection.ExpectDeliveries(2, "1a")[0];
        Fill(connection, queue, "10a", "2a");
        foreach (var next in (string[])["10a", "2a", "1b"])
        {
            connection.Send(2, new BasicAck(tag));
            tag = connection.ExpectDeliveries(2, next)[0];
        }
    }

    [Fact]
    public async Task Purge_and_delete_know_all_priorities()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, 3);
        Fill(connection, queue, "3a", "1a", "0a", "2a");
        var held = connection.Get(1, queue);
        Assert.Equal(3u, held.MessageCount);
        connection.Send(1, new QueuePurge(queue));
        Assert.Equal(3u, connection.Expect<QueuePurgeOk>(1).MessageCount);
        connection.Send(1, new BasicReject(held.DeliveryTag, true));
        Fill(connection, queue, "0b");
        connection.Send(1, new QueueDelete(queue));
        Assert.Equal(2u, connection.Expect<QueueDeleteOk>(1).MessageCount);
    }

    [Fact]
    public async Task Without_a_maximum_or_with_0_a_queue_is_plain()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        foreach (var queue in (string[])[connection.NewQueue(1), Declare(connection, 0)])
        {
            Fill(connection, queue, "1a", "9a", "0a");
            Assert.Equal("1a 9a 0a", connection.Drain(1, queue));
        }
    }

    [Fact]
    public async Task A_maximum_that_makes_no_sense_is_refused_and_another_is_not_the_same()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        FieldValue[] wrong = [FieldValue.Int(256), FieldValue.Int(-1), FieldValue.String("5")];
        foreach (var value in wrong)
        {
            var arguments = new FieldTable().Add(MaxPriority, value);
            var name = TestBroker.Name("queue");
            connection.Send(1, new QueueDeclare(name, Exclusive: true, Arguments: arguments));
            connection.ExpectChannelError(
                1, 406, $"invalid arg 'x-max-priority' for queue '{name}' in vhost '/'", MethodId.QueueDeclare);
        }
        var queue = TestBroker.Name("queue");
        connection.DeclareQueue(1, queue, exclusive: true, arguments: Arguments(5));
        connection.Send(1, new QueueDeclare(queue, Exclusive: true, Arguments: Arguments(6)));
        connection.ExpectChannelError(
            1, 406, $"inequivalent arg 'x-max-priority' for queue '{queue}' in vhost '/'", MethodId.QueueDeclare);
    }

    [Fact]
    public async Task A_full_queue_drops_what_would_come_next()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(connection, 5, ("x-max-length", FieldValue.Int(3)));
        Fill(connection, queue, "1a", "5a", "3a", "0a", "2a");
        Assert.Equal("2a 1a 0a", connection.Drain(1, queue));
    }

    [Fact]
    public async Task A_full_queue_that_refuses_counts_all_priorities()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var queue = Declare(
            connection, 5, ("x-max-length", FieldValue.Int(2)), ("x-overflow", FieldValue.String("reject-publish")));
        Fill(connection, queue, "1a", "5a");
        connection.SelectConfirms(1);
        Publish(connection, queue, "4a");
        Assert.Equal(1ul, connection.Expect<BasicNack>(1).DeliveryTag);
        Assert.Equal("5a 1a", connection.Drain(1, queue));
    }

    [Fact]
    public async Task Expiry_looks_at_what_would_come_next()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var dead = await broker.DeclareAsync();
        var queue = await broker.DeclareAsync(arguments: [
            (MaxPriority, 5), ("x-dead-letter-exchange", ""), ("x-dead-letter-routing-key", dead)]);
        await PublishAsync(broker, queue, 5, "5a", "1000");
        await PublishAsync(broker, queue, 1, "1a", "10");
        await PublishAsync(broker, queue, 0, "0a", null);
        broker.Time.Advance(500);
        Assert.Equal(3u, await broker.CountAsync(queue));
        broker.Time.Advance(500);
        await broker.Test.UntilAsync(static o => o is { MessagesReady: 3, MessagesUnacked: 0 });
        Assert.Equal("0a", await broker.DrainAsync(queue));
        Assert.Equal("5a 1a", await broker.DrainAsync(dead));
    }

    [Fact]
    public async Task A_ttl_of_0_is_for_consumers_that_wait_at_any_priority()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: [(MaxPriority, 5), ("x-message-ttl", 0)]);
        await PublishAsync(broker, queue, 5, "nobody", null);
        await PublishAsync(broker, queue, 0, "nobody", null);
        Assert.Equal(0u, await broker.CountAsync(queue));
        using var got = new System.Collections.Concurrent.BlockingCollection<string>();
        await broker.ConsumeAsync(queue, got);
        foreach (var priority in (byte[])[0, 5, 3])
        {
            await PublishAsync(broker, queue, priority, $"{priority}", null);
            Assert.True(got.TryTake(out var body, ClockedBroker.Patience));
            Assert.Equal($"{priority}", body);
        }
    }

    [Fact]
    public async Task A_dead_letter_keeps_its_priority()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        var dead = Declare(connection, 5);
        var queue = Declare(
            connection, 5, ("x-dead-letter-exchange", FieldValue.String("")),
            ("x-dead-letter-routing-key", FieldValue.String(dead)));
        Fill(connection, queue, "1a", "5a", "3a", "5b");
        for (var i = 0; i < 4; i++)
            connection.Send(1, new BasicReject(connection.Get(1, queue).DeliveryTag, false));
        while (connection.Count(1, dead) < 4)
            Assert.Equal(0u, connection.Count(1, queue));
        Assert.Equal("5a 5b 3a 1a", connection.Drain(1, dead));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Priorities_outlive_the_broker(bool isKilled)
    {
        using var folder = new TempFolder();
        string queue;
        await using (var broker = await BrokerProcess.StartAsync(folder.Path))
        {
            using var connection = RawConnection.Open(broker.Amqp);
            connection.OpenChannel(1);
            queue = connection.DeclareQueue(1, "priorities", durable: true, arguments: Arguments(255)).Queue;
            // The one of priority 0 stays empty.
            Fill(connection, queue, "1a", "255a", "7a", "7b", "1b", "255b");
            Assert.Equal("255a", connection.Get(1, queue, noAck: true).Text);
            var held = connection.Get(1, queue);
            Assert.Equal("255b", held.Text);
            Assert.Equal("7a", connection.Get(1, queue).Text);
            connection.Send(1, new BasicNack(held.DeliveryTag, false, true));
            // Confirmed behind all of it in the same journal.
            Fill(connection, queue, "2a");
            if (isKilled)
                await broker.KillAsync();
            else
                Assert.Equal(0, await broker.StopAsync());
        }
        await using var again = await BrokerProcess.StartAsync(folder.Path);
        using var later = RawConnection.Open(again.Amqp);
        later.OpenChannel(1);
        Fill(later, queue, "7c", "0a");
        Assert.Equal(
            isKilled ? "255b* 7a* 7b* 7c 2a* 1a* 1b* 0a" : "255b* 7a* 7b 7c 2a 1a 1b 0a", later.Drain(1, queue));
    }

    private static string Declare(
        RawConnection connection, int maxPriority, params (string Name, FieldValue Value)[] more)
    {
        var arguments = Arguments(maxPriority);
        foreach (var (name, value) in more)
            arguments.Add(name, value);
        return connection.DeclareQueue(1, exclusive: true, arguments: arguments).Queue;
    }

    private static FieldTable Arguments(int maxPriority) =>
        new FieldTable().Add(MaxPriority, FieldValue.Int(maxPriority));

    // The digits of a body are its priority. Confirmed when this returns.
    private static void Fill(RawConnection connection, string queue, params string[] bodies)
    {
        foreach (var body in bodies)
            connection.Fill(queue, PropertiesOf(body), body);
    }

    private static void Publish(RawConnection connection, string queue, string body) =>
        connection.Publish(1, "", queue, body, PropertiesOf(body));

    private static BasicProperties PropertiesOf(string body) => new()
    {
        DeliveryMode = 2,
        Priority = byte.Parse(body.TrimEnd('a', 'b', 'c', 'd'), CultureInfo.InvariantCulture),
    };

    private static ValueTask PublishAsync(
        ClockedBroker broker, string queue, byte priority, string body, string? expiration) =>
        broker.PublishToAsync("", queue, body, new RabbitMQ.Client.BasicProperties
        {
            Priority = priority, Expiration = expiration,
        });
}
