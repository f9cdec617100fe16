using Levada.Bench.InMemory;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Allocation;

/// <summary>
/// A message's path through the broker leaves nothing to the collector: from the read buffer through channel, router,
/// shard and outbox, back with the acknowledgement, and the confirm. All of it runs on the test's thread, whose
/// allocations are counted by the runtime, so neither time nor other tests take part.
/// </summary>
public sealed class MessagePathTests
{
    private const int Messages = 100_000;

    // What grows once (pools, rings, buffers) has grown by then.
    private const int WarmUpRounds = 100;

    // Pools are shared with tests that run at the same time and may take what this one had; one clean run is proof.
    private const int RunsMax = 5;

    // The smallest object is 24 bytes. A pool that was trimmed meanwhile renews a buffer, which is some 1 a message.
    private const double BytesTolerated = 8;

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public void A_message_published_confirmed_delivered_and_acknowledged_allocates_nothing(int messagesPerRead) =>
        AssertFree(new TrafficOptions { Confirms = true, Acks = true, MessagesPerRead = messagesPerRead });

    [Fact]
    public void A_message_delivered_without_acknowledgement_allocates_nothing() => AssertFree(new TrafficOptions());

    [Theory]
    [InlineData("amq.direct")]
    [InlineData("amq.fanout")]
    [InlineData("amq.topic")]
    public void A_message_routed_anew_allocates_nothing(string exchange) =>
        AssertFree(new TrafficOptions { Exchange = exchange, RoutingKeys = 2, Confirms = true, Acks = true });

    [Fact]
    public void A_message_to_another_exchange_than_the_last_allocates_nothing() => AssertFree(
        new TrafficOptions { Exchange = "amq.topic", Alternates = true, Confirms = true, Acks = true });

    [Fact]
    public void A_message_routed_by_its_headers_allocates_nothing() =>
        AssertFree(new TrafficOptions { Exchange = "amq.headers", Headers = true, Confirms = true, Acks = true });

    [Theory]
    [InlineData("x-consistent-hash")]
    [InlineData("x-modulus-hash")]
    [InlineData("x-random")]
    public void A_message_sent_to_one_of_several_bindings_allocates_nothing(string type) => AssertFree(
        new TrafficOptions { Exchange = "x", ExchangeType = type, RoutingKeys = 2, Confirms = true, Acks = true });

    [Fact]
    public void A_message_hashed_by_a_header_allocates_nothing() => AssertFree(
        new TrafficOptions
        {
            Exchange = "x",
            ExchangeType = "x-consistent-hash",
            ExchangeArguments = new FieldTable().Add("hash-header", "customer"),
            Headers = true,
            Confirms = true,
            Acks = true,
        });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_that_its_exchange_remembers_allocates_nothing(int keys) => AssertFree(
        new TrafficOptions
        {
            Exchange = "x",
            ExchangeType = "x-recent-history",
            RoutingKeys = keys,
            Confirms = true,
            Acks = true,
        });

    [Fact]
    public void A_message_compared_with_those_before_allocates_nothing() => AssertFree(
        new TrafficOptions
        {
            Exchange = "x",
            ExchangeType = "fanout",
            // Each is looked for, forgotten and remembered.
            ExchangeArguments = new FieldTable().Add("x-message-deduplication", true).Add("x-cache-ttl", 0)
                .Add("x-deduplication-header", "customer"),
            Headers = true,
            Confirms = true,
            Acks = true,
        });

    [Fact]
    public void A_message_that_no_queue_takes_allocates_nothing() =>
        AssertFree(new TrafficOptions { Exchange = "amq.topic", RoutingKeys = 0, Confirms = true, Consumer = false });

    /// <summary>Through the journal, which is written and synced for each read.</summary>
    [Theory]
    [InlineData(100, 100)]
    [InlineData(10, 1)]
    public void A_persistent_message_allocates_nothing(int perRound, int perRead) => AssertFree(
        new TrafficOptions
        {
            Persistent = true,
            Confirms = true,
            Acks = true,
            Messages = perRound,
            MessagesPerRead = perRead,
        },
        perRound * 200);

    /// <summary>The measurement itself: one small object a message is seen.</summary>
    [Fact]
    public void One_object_a_message_is_found()
    {
        using var traffic = new Traffic(new TrafficOptions { Confirms = true, Acks = true });
        Assert.True(BytesPerMessage(traffic, Messages, alsoAllocate: true) >= 24);
    }

    private static void AssertFree(TrafficOptions options, int messages = Messages)
    {
        using var traffic = new Traffic(options);
        var least = double.MaxValue;
        for (var run = 0; run < RunsMax && least >= BytesTolerated; run++)
            least = Math.Min(least, BytesPerMessage(traffic, messages));
        Assert.True(least < BytesTolerated, $"{least:0.0} bytes per message");
    }

    private static double BytesPerMessage(Traffic traffic, int messages, bool alsoAllocate = false)
    {
        for (var i = 0; i < WarmUpRounds; i++)
            traffic.Round();
        var earlier = traffic.Check();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var done = 0; done < messages; done += traffic.Options.Messages)
        {
            traffic.Round();
            for (var i = 0; alsoAllocate && i < traffic.Options.Messages; i++)
                GC.KeepAlive(new byte[1]);
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(earlier + messages, traffic.Check());
        return (double)bytes / messages;
    }
}
