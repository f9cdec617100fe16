using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace Levada.Tests.Queues;

/// <summary>x-message-ttl, the expiration property and x-expires, by a clock that the test moves.</summary>
public sealed class ExpiryTests
{
    private const string Ttl = "x-message-ttl";

    [LevadaFact]
    public async Task Messages_go_when_their_time_is_over_and_nobody_has_to_ask()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: (Ttl, 1000));
        await broker.PublishAsync(queue, "a");
        broker.Time.Advance(400);
        await broker.PublishAsync(queue, "b");
        broker.Time.Advance(599);
        Assert.Equal(2, broker.Test.Broker.GetOverview().MessagesReady);
        broker.Time.Advance(1);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 1);
        broker.Time.Advance(400);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 0 && o.Messages.Expired == 2);
        Assert.Null(await broker.GetAsync(queue));
    }

    [Theory]
    [InlineData(1000, "300", 300)]
    [InlineData(300, "1000", 300)]
    [InlineData(null, "300", 300)]
    public async Task The_lower_of_the_queues_and_the_messages_own_time_counts(int? ofQueue, string own, int lives)
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = ofQueue is { } ms ? await broker.DeclareAsync(arguments: (Ttl, ms)) : await broker.DeclareAsync();
        await broker.PublishAsync(queue, "a", own);
        if (!TestBroker.IsForeign)
            broker.Time.Advance(lives - 1);
        Assert.Equal(1u, await broker.CountAsync(queue));
        await broker.PassAsync(TestBroker.IsForeign ? lives : 1);
        Assert.Equal(0u, await broker.CountAsync(queue));
    }

    [Fact]
    public async Task What_stands_behind_a_message_that_lives_longer_goes_when_it_comes_to_the_head()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync();
        await broker.PublishAsync(queue, "long", "1000");
        await broker.PublishAsync(queue, "short", "100");
        await broker.PublishAsync(queue, "for ever");
        await broker.PassAsync(500);
        Assert.Equal(3u, await broker.CountAsync(queue));
        Assert.Equal("long for ever", await broker.DrainAsync(queue));
    }

    [Fact]
    public async Task With_a_TTL_of_0_a_message_is_for_a_consumer_that_waits_or_for_nobody()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: (Ttl, 0));
        await broker.PublishAsync(queue, "nobody");
        Assert.Equal(0u, await broker.CountAsync(queue));
        using var got = new BlockingCollection<string>();
        await broker.ConsumeAsync(queue, got);
        await broker.PublishAsync(queue, "consumer");
        Assert.True(got.TryTake(out var body, ClockedBroker.Patience));
        Assert.Equal("consumer", body);
        await broker.UntilAsync(static o => o.Messages.Expired == 1);
    }

    [LevadaFact]
    public async Task An_expired_message_is_not_handed_out_even_if_the_timer_is_late()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync();
        await broker.PublishAsync(queue, "a", "100");
        await broker.PublishAsync(queue, "b");
        await broker.PublishAsync(queue, "c", "100");
        await broker.PublishAsync(queue, "d");
        broker.Time.AdvanceBeforeTimers(100);
        using var got = new BlockingCollection<string>();
        Assert.Equal("b", Encoding.UTF8.GetString((await broker.GetAsync(queue))!.Body.Span));
        await broker.ConsumeAsync(queue, got);
        Assert.True(got.TryTake(out var body, ClockedBroker.Patience));
        Assert.Equal("d", body);
    }

    [Fact]
    public async Task A_requeue_does_not_begin_a_new_life()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: (Ttl, 3000));
        await broker.PublishAsync(queue, "a");
        await broker.PassAsync(1800);
        var held = await broker.GetAsync(queue, autoAck: false);
        await broker.Channel.BasicNackAsync(held!.DeliveryTag, false, requeue: true, ClockedBroker.Cancelled);
        await broker.UntilCountAsync(queue, 1);
        held = await broker.GetAsync(queue, autoAck: false);
        await broker.PassAsync(1210);
        await broker.Channel.BasicNackAsync(held!.DeliveryTag, false, requeue: true, ClockedBroker.Cancelled);
        Assert.Null(await broker.GetAsync(queue));
    }

    [LevadaFact]
    public async Task The_time_that_is_left_survives_a_restart()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var byQueue = await broker.DeclareAsync(durable: true, arguments: (Ttl, 1000));
        var byMessage = await broker.DeclareAsync(durable: true);
        await broker.PublishAsync(byQueue, "old", persistent: true);
        await broker.PublishAsync(byMessage, "old", "1000", persistent: true);
        broker.Time.Advance(500);
        await broker.PublishAsync(byQueue, "young", persistent: true);
        await broker.PublishAsync(byMessage, "young", "1000", persistent: true);
        await broker.RestartAsync(afterMs: 600);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 2);
        broker.Time.Advance(399);
        Assert.Equal(1u, await broker.CountAsync(byQueue));
        Assert.Equal(1u, await broker.CountAsync(byMessage));
        broker.Time.Advance(1);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 0);
    }

    [LevadaFact]
    public async Task A_backlog_that_went_to_disk_expires_too_after_a_restart_as_well()
    {
        await using var broker = await ClockedBroker.StartAsync(static o => o.Shards = 1);
        var queue = await broker.DeclareAsync(durable: true);
        const int count = 3000;
        var body = new string('x', 30_000);
        var publishing = Enumerable.Range(0, count)
            .Select(i => broker.PublishAsync(queue, body, "1000", persistent: i % 3 > 0).AsTask());
        await Task.WhenAll(publishing).WaitAsync(TimeSpan.FromMinutes(2), ClockedBroker.Cancelled);
        await broker.PublishAsync(queue, "stays", persistent: true);
        broker.Time.AdvanceBeforeTimers(500);
        Assert.Equal(count + 1u, await broker.CountAsync(queue));
        await broker.RestartAsync(afterMs: 0);
        Assert.Equal((count * 2 / 3) + 1u, await broker.CountAsync(queue));
        broker.Time.Advance(500);
        await broker.Test.UntilAsync(static o => o.MessagesReady == 1);
        Assert.Equal("stays", await broker.DrainAsync(queue));
    }

    [Fact]
    public async Task An_unused_queue_expires()
    {
        await using var broker = await ClockedBroker.StartAsync();
        var queue = await broker.DeclareAsync(arguments: ("x-expires", 1000));
        await broker.PassAsync(600);
        await broker.GetAsync(queue);
        await broker.PassAsync(600);
        await broker.DeclareAsync(queue, arguments: ("x-expires", 1000));
        await broker.PassAsync(600);
        using var got = new BlockingCollection<string>();
        var tag = await broker.ConsumeAsync(queue, got);
        await broker.PassAsync(1500);
        await broker.Channel.BasicCancelAsync(tag, cancellationToken: ClockedBroker.Cancelled);
        if (!TestBroker.IsForeign)
        {
            broker.Time.Advance(999);
            Assert.Equal(1, broker.Test.Broker.GetOverview().Queues);
        }
        await broker.PassAsync(TestBroker.IsForeign ? 1000 : 1);
        await broker.UntilAsync(static o => o.Queues == 0);
        var refused = await Assert.ThrowsAsync<OperationInterruptedException>(() => broker.CountAsync(queue));
        Assert.Equal(404, refused.ShutdownReason!.ReplyCode);
    }

    [LevadaFact]
    public async Task An_unused_queue_gets_its_whole_time_again_after_a_restart()
    {
        await using var broker = await ClockedBroker.StartAsync();
        await broker.DeclareAsync(durable: true, arguments: ("x-expires", 1000));
        await broker.RestartAsync(afterMs: 5000);
        Assert.Equal(1, broker.Test.Broker.GetOverview().Queues);
        broker.Time.Advance(1000);
        await broker.Test.UntilAsync(static o => o.Queues == 0);
    }
}
