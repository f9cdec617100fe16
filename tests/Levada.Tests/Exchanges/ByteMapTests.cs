using System.Text;
using Levada.Exchanges;
using Xunit;

namespace Levada.Tests.Exchanges;

public sealed class ByteMapTests
{
    [Theory]
    [InlineData(1, 50, 20_000)]
    [InlineData(2, 5_000, 60_000)]
    [InlineData(3, 100_000, 120_000)]
    public void Agrees_with_a_dictionary_through_random_changes(int seed, int keys, int steps)
    {
        var random = new Random(seed);
        var model = new Dictionary<string, int>();
        var map = ByteMap<int>.Empty;
        for (var step = 0; step < steps; step++)
        {
            var key = "key." + random.Next(keys);
            if (random.Next(3) > 0)
            {
                model[key] = step;
                map = map.Set(Encoding.UTF8.GetBytes(key), step);
            }
            else
            {
                var before = map;
                map = map.Remove(Encoding.UTF8.GetBytes(key));
                Assert.Equal(!model.Remove(key), ReferenceEquals(before, map));
            }

            Assert.Equal(model.Count, map.Count);
            var probe = "key." + random.Next(keys);
            var found = map.TryGet(Encoding.UTF8.GetBytes(probe), out var got);
            Assert.Equal(model.TryGetValue(probe, out var expected), found);
            Assert.Equal(expected, got);
        }

        var all = new Dictionary<string, int>();
        foreach (ref readonly var entry in map)
            all.Add(Encoding.UTF8.GetString(entry.Key), entry.Value);
        Assert.Equal(model.OrderBy(p => p.Key), all.OrderBy(p => p.Key));
    }

    [Fact]
    public void A_version_stays_as_it_was_whatever_is_changed_after_it()
    {
        var versions = new List<ByteMap<int>> { ByteMap<int>.Empty };
        for (var i = 0; i < 500; i++)
            versions.Add(versions[^1].Set(Encoding.UTF8.GetBytes("k" + i), i));
        var shrinking = versions[^1];
        for (var i = 0; i < 500; i++)
            shrinking = shrinking.Remove(Encoding.UTF8.GetBytes("k" + i));

        Assert.Same(ByteMap<int>.Empty, shrinking);
        for (var version = 0; version <= 500; version += 50)
        {
            Assert.Equal(version, versions[version].Count);
            for (var i = 0; i < 500; i++)
                Assert.Equal(i < version, versions[version].TryGet(Encoding.UTF8.GetBytes("k" + i), out _));
        }
    }

    [Fact]
    public void Keys_with_one_hash_are_all_kept()
    {
        // The empty root is asked with a made-up hash, as no client can find real collisions.
        var node = ByteMapNode<int>.Empty;
        for (byte i = 0; i < 40; i++)
            node = node.Set(new ByteMapEntry<int>([i], 12345, i), 0, out _);
        for (byte i = 0; i < 40; i++)
            Assert.True(node.TryGet([i], 12345, out var value) && value == i);
        Assert.Same(node, node.Remove([41], 12345, 0));
        for (byte i = 0; i < 39; i++)
            node = node.Remove([i], 12345, 0)!;
        Assert.True(node.TryGet([39], 12345, out _));
        Assert.False(node.TryGet([38], 12345, out _));
        Assert.Null(node.Remove([39], 12345, 0));
    }

    [Fact]
    public void Looking_up_allocates_nothing()
    {
        var map = ByteMap<string>.Empty;
        for (var i = 0; i < 1000; i++)
            map = map.Set(Encoding.UTF8.GetBytes("queue-" + i), "v");
        var key = Encoding.UTF8.GetBytes("queue-777");
        map.TryGet(key, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            map.TryGet(key, out _);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
