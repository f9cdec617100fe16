using Levada.Amqp;
using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Xunit;

namespace Levada.Tests.Amqp;

public sealed class UnsettledTests
{
    private static readonly Queue AnyQueue = new()
    {
        Id = default, VHost = "/", Name = "q", Durable = false, Exclusive = false, AutoDelete = false,
        Shard = new Shard(new ShardId(0), new PoolScheduler(), TimeProvider.System, static _ => { }),
    };

    [Fact]
    public void Making_room_in_a_ring_full_of_holes_behind_one_old_delivery()
    {
        var unsettled = new Unsettled();
        for (var tag = 1UL; tag <= 4_097; tag++)
            unsettled.Add(AnyQueue, null, tag);
        for (var tag = 2UL; tag <= 4_097; tag++)
            unsettled.Take(tag);
        for (var i = 0; i < 10_000; i++)
            unsettled.AddSettled();

        Assert.Equal(1UL, unsettled.Take(1).Sequence);
        Assert.Equal(14_098UL, unsettled.Add(AnyQueue, null, 7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Agrees_with_a_sorted_set_whatever_is_done(int seed)
    {
        var random = new Random(seed);
        var unsettled = new Unsettled();
        var model = new SortedDictionary<ulong, ulong>();
        var last = 0ul;
        for (var step = 0; step < 60_000; step++)
        {
            switch (random.Next(100))
            {
                case < 50:
                    var sequence = (ulong)random.NextInt64();
                    Assert.Equal(++last, unsettled.Add(AnyQueue, null, sequence));
                    model.Add(last, sequence);
                    break;
                case < 60:
                    Assert.Equal(++last, unsettled.AddSettled());
                    break;
                case < 97:
                    // Mostly recent ones, so that old ones stay behind.
                    var back = random.Next(8) == 0 ? 50_000ul : 40;
                    var tag = last - (ulong)random.NextInt64((long)Math.Min(last, back) + 1);
                    Assert.Equal(model.ContainsKey(tag), unsettled.Contains(tag));
                    if (model.Remove(tag, out var expected))
                        Assert.Equal(expected, unsettled.Take(tag).Sequence);
                    break;
                default:
                    if (random.Next(50) > 0 || model.Count == 0)
                        break;
                    var upTo = random.Next(4) == 0 ? 0 : model.Keys.ElementAt(random.Next(model.Count));
                    var taken = new List<UnsettledEntry>();
                    unsettled.TakeUpTo(upTo, taken);
                    var all = model.Where(m => upTo == 0 || m.Key <= upTo).ToArray();
                    Assert.Equal(all.Select(m => m.Value), taken.Select(t => t.Sequence));
                    foreach (var (key, _) in all) model.Remove(key);
                    break;
            }
            Assert.Equal(model.Count, unsettled.Count);
        }
    }

    [Fact]
    public void Reserved_ones_are_not_outstanding_until_they_are_given_back()
    {
        var unsettled = new Unsettled();
        for (var i = 0; i < 5000; i++)
        {
            var tag = unsettled.Add(AnyQueue, null, (ulong)i);
            if (i % 1000 != 0) unsettled.Take(tag);
        }
        var reserved = new List<ulong>();
        unsettled.Reserve(4500, multiple: true, reserved);
        Assert.Equal([1, 1001, 2001, 3001, 4001], reserved);
        Assert.False(unsettled.Contains(1001));
        var taken = new List<UnsettledEntry>();
        unsettled.TakeUpTo(0, taken);
        Assert.Empty(taken);
        unsettled.Unreserve(1001);
        Assert.True(unsettled.Contains(1001));
        Assert.Equal(1000ul, unsettled.Take(1001).Sequence);
        unsettled.TakeUpTo(0, taken, reservedToo: true);
        Assert.Equal([0, 2000, 3000, 4000], taken.Select(t => t.Sequence));
        Assert.Equal(0, unsettled.Count);
    }

    [Fact]
    public void A_delivery_that_is_never_settled_does_not_cost_memory_for_those_after_it()
    {
        var unsettled = new Unsettled();
        unsettled.Add(AnyQueue, null, 0);
        Deliver(unsettled, 10_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Deliver(unsettled, 1_000_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(unsettled.Contains(1));
    }

    private static void Deliver(Unsettled unsettled, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var tag = unsettled.Add(AnyQueue, null, 1);
            if (unsettled.Contains(tag)) unsettled.Take(tag);
            unsettled.AddSettled();
        }
    }
}
