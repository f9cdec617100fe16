using System.Text;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;
using Levada.Tests.Queues;
using Levada.Tests.Rules;
using RabbitMQ.Client;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>Policies and operator policies as queues follow them, with RabbitMQ's .NET client.</summary>
public sealed class QueuePolicyTests
{
    [Fact]
    public async Task A_policy_counts_for_what_is_there_and_what_comes_until_it_is_removed()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        var before = await broker.DeclareAsync("orders.1");
        var other = await broker.DeclareAsync("invoices");
        await broker.PublishAsync(before, "a");
        await broker.PublishAsync(before, "b");
        await catalog.SetPolicyAsync("^orders", "'max-length':1");
        Assert.Equal("b", await broker.DrainAsync(before));
        var after = await broker.DeclareAsync("orders.2");
        foreach (var queue in (string[])[before, after, other])
        {
            await broker.PublishAsync(queue, "1");
            await broker.PublishAsync(queue, "2");
        }
        Assert.Equal("2", await broker.DrainAsync(before));
        Assert.Equal("2", await broker.DrainAsync(after));
        Assert.Equal("1 2", await broker.DrainAsync(other));
        await catalog.DeletePolicyAsync("^orders");
        await broker.PublishAsync(before, "3");
        await broker.PublishAsync(before, "4");
        Assert.Equal("3 4", await broker.DrainAsync(before));
    }

    [Fact]
    public async Task A_time_to_live_that_comes_by_policy_ends_messages_that_are_there()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        var queue = await broker.DeclareAsync("q");
        await broker.PublishAsync(queue, "old");
        broker.Time.Advance(1_000);
        await catalog.SetPolicyAsync("q", "'message-ttl':1000");
        await broker.PublishAsync(queue, "new");
        Assert.Equal("new", await broker.DrainAsync(queue));
        await catalog.SetPolicyAsync("q", "'expires':1000");
        // The answer to a request: the queue's settings are applied by then.
        await broker.CountAsync(queue);
        broker.Time.Advance(1_000);
        await broker.Test.UntilAsync(static o => o.Queues == 0);
    }

    [Fact]
    public async Task Dead_letters_go_where_the_policy_says()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        var work = await broker.DeclareAsync("work");
        var dead = await broker.DeclareAsync("dead");
        await catalog.SetPolicyAsync(
            "^work$", $"'dead-letter-exchange':'','dead-letter-routing-key':'{dead}','delivery-limit':1");
        await broker.PublishAsync(work, "m");
        for (var i = 0; i < 2; i++)
        {
            var got = await broker.GetAsync(work, autoAck: false);
            await broker.Channel.BasicNackAsync(got!.DeliveryTag, false, requeue: true, ClockedBroker.Cancelled);
        }
        await broker.Test.UntilAsync(static o => o.Messages.DeadLettered == 1);
        Assert.Equal("m", await broker.DrainAsync(dead));
        Assert.Null(await broker.GetAsync(work));
    }

    [Fact]
    public async Task Of_a_number_the_lower_of_argument_and_policy_counts_else_the_argument()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        await catalog.SetPolicyAsync(
            ".", "'max-length':5,'message-ttl':100,'overflow':'reject-publish','dead-letter-exchange':'p',"
            + "'delivery-limit':-1,'consumer-timeout':0,'expires':60000");
        await broker.DeclareAsync("q", arguments:
        [
            ("x-max-length", 3), ("x-message-ttl", 200), ("x-overflow", "drop-head"), ("x-delivery-limit", 4),
            ("x-dead-letter-exchange", "a"), ("x-consumer-timeout", 9), ("x-max-length-bytes", 77),
        ]);
        await AssertAsync(broker, "q", static s => s is
        {
            MaxLength: 3, MessageTtlMs: 100, Overflow: Overflow.DropHead, DeliveryLimit: 4, ConsumerTimeoutMs: 9,
            MaxLengthBytes: 77, ExpiresMs: 60_000,
        } && Encoding.UTF8.GetString(s.DeadLetterExchange!) == "a");
    }

    [Fact]
    public async Task The_highest_priority_counts_alone_and_an_operator_caps_it()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        var queue = await broker.DeclareAsync("q");
        await catalog.SetPolicyAsync("q", "'max-length':10,'message-ttl':1000", priority: 1, name: "low");
        await catalog.SetPolicyAsync("q", "'max-length':20", priority: 2, name: "high");
        await AssertAsync(broker, queue, static s => s is { MaxLength: 20, MessageTtlMs: null });
        await catalog.SetPolicyAsync("q", "'max-length':15,'expires':90000", isOperator: true);
        await AssertAsync(broker, queue, static s => s is { MaxLength: 15, ExpiresMs: 90_000 });
        await catalog.SetPolicyAsync("q", "'max-length':5", priority: 2, name: "high");
        await AssertAsync(broker, queue, static s => s.MaxLength == 5);
        var shown = Find(broker, queue).Policies;
        Assert.Equal(("high", "q"), (shown.Own?.Name, shown.Operator?.Name));
        Assert.Equal(new FieldTable().Add("max-length", 5L).Add("expires", 90_000L), shown.Definition);
        await catalog.DeletePolicyAsync("high");
        await AssertAsync(broker, queue, static s => s is { MaxLength: 10, MessageTtlMs: 1000 });
        await catalog.DeletePolicyAsync("low");
        await catalog.DeletePolicyAsync("q", isOperator: true);
        await AssertAsync(broker, queue, static s => s == QueueSettings.None);
    }

    [Fact]
    public async Task A_policy_is_for_the_kinds_that_it_names()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        await broker.DeclareAsync("classic");
        await broker.DeclareAsync("quorum", durable: true, arguments: ("x-queue-type", "quorum"));
        foreach (var (kind, classic, quorum) in ((string, bool, bool)[])
        [
            ("all", true, true), ("queues", true, true), ("classic_queues", true, false),
            ("quorum_queues", false, true), ("exchanges", false, false), ("streams", false, false),
        ])
        {
            await catalog.SetPolicyAsync(".*", "'max-length':7", kind, name: "p");
            await AssertAsync(broker, "classic", s => s.MaxLength == 7 == classic);
            await AssertAsync(broker, "quorum", s => s.MaxLength == 7 == quorum);
        }
    }

    [Fact]
    public async Task An_operator_caps_the_prefetch_of_consumers_that_are_there_and_that_come()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        var queue = await broker.DeclareAsync("q");
        for (var i = 0; i < 10; i++)
            await broker.PublishAsync(queue, $"{i}");
        await catalog.SetPolicyAsync("q", "'max-prefetch':3", isOperator: true);
        var channel = await broker.NewChannelAsync();
        var tags = new System.Collections.Concurrent.BlockingCollection<ulong>();
        var consumer = new RabbitMQ.Client.Events.AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) =>
        {
            tags.Add(message.DeliveryTag);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer, ClockedBroker.Cancelled);
        await broker.Test.UntilAsync(static o => o.MessagesUnacked == 3);
        Assert.Equal(7u, await broker.CountAsync(queue));
        // The cap goes down: nothing more until enough is settled. It goes: all that is left comes.
        await catalog.SetPolicyAsync("q", "'max-prefetch':2", isOperator: true);
        Assert.True(tags.TryTake(out var tag, ClockedBroker.Patience));
        await channel.BasicAckAsync(tag, false, ClockedBroker.Cancelled);
        await broker.Test.UntilAsync(static o => o is { MessagesUnacked: 2, MessagesReady: 7 });
        await catalog.DeletePolicyAsync("q", isOperator: true);
        await broker.Test.UntilAsync(static o => o is { MessagesUnacked: 9, MessagesReady: 0 });
    }

    [Fact]
    public async Task A_consumer_timeout_by_policy_counts_for_consumers_that_are_there()
    {
        await using var broker = await TestBroker.StartAsync();
        using var connection = RawConnection.OpenWithChannel(broker);
        connection.OpenChannel(2);
        var queue = connection.NewQueue(1);
        connection.Consume(1, queue, tag: "slow");
        await broker.Broker.Catalog.SetPolicyAsync(queue, "'consumer-timeout':1");
        connection.Publish(2, "", queue, "m");
        connection.ExpectDeliver(1);
        var cancelled = connection.Expect<BasicCancel>(1);
        Assert.Equal("slow", cancelled.ConsumerTag);
        Assert.Equal("m", connection.Get(2, queue, noAck: true).Text);
    }

    [Fact]
    public async Task Policies_survive_a_restart_and_count_for_durable_queues()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var catalog = broker.Test.Broker.Catalog;
        await broker.DeclareAsync("kept", durable: true);
        await catalog.SetPolicyAsync("kept", "'max-length':2,'overflow':'reject-publish'", priority: -3);
        await catalog.SetPolicyAsync("kept", "'max-length':1", isOperator: true);
        await catalog.SetPolicyAsync("gone", "'max-length':1");
        await catalog.DeletePolicyAsync("gone");
        await broker.RestartAsync(0);
        var policies = broker.Test.Broker.Catalog.FindVHost("/")!.Policies;
        Assert.Equal("kept", Assert.Single(policies.Own.All).Name);
        Assert.Equal(-3, policies.Own.Find("kept")!.Priority);
        Assert.Equal(PolicyTarget.All, policies.Operator.Find("kept")!.ApplyTo);
        await AssertAsync(
            broker, "kept", static s => s is { MaxLength: 1, Overflow: Overflow.RejectPublish });
    }

    private static Queue Find(ClockedBroker broker, string queue) =>
        broker.Test.Broker.Catalog.FindVHost("/")!.FindQueue(Encoding.UTF8.GetBytes(queue))!;

    // What was posted to the shard is applied when it has answered something asked later.
    private static async Task AssertAsync(ClockedBroker broker, string queue, Predicate<QueueSettings> wanted)
    {
        await broker.CountAsync(queue);
        var settings = Find(broker, queue).Settings;
        Assert.True(wanted(settings), $"{settings}");
    }
}
