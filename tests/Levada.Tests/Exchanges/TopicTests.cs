using System.Diagnostics;
using System.Text;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Exchanges;

public sealed class TopicTests
{
    [Theory]
    [InlineData("a.b.c", "a.b.c", true)]
    [InlineData("a.*.c", "a.b.c", true)]
    [InlineData("a.*.c", "a.c", false)]
    [InlineData("*", "a", true)]
    [InlineData("*", "", false)]
    [InlineData("*", "a.b", false)]
    [InlineData("#", "", true)]
    [InlineData("#", "a.b.c", true)]
    [InlineData("#.c", "c", true)]
    [InlineData("#.c", "a.b.c", true)]
    [InlineData("#.c", "a.b.c.d", false)]
    [InlineData("a.#", "a", true)]
    [InlineData("a.#", "a.b.c", true)]
    [InlineData("a.#", "b", false)]
    [InlineData("a.#.c", "a.c", true)]
    [InlineData("a.#.c", "a.b.b.c", true)]
    [InlineData("#.#", "", true)]
    [InlineData("#.*", "", false)]
    [InlineData("#.*", "a", true)]
    [InlineData("*.#", "a.b", true)]
    [InlineData("#.b.#", "a.b", true)]
    [InlineData("#.b.#.b", "b.b", true)]
    [InlineData("#.b.#.b", "b", false)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a.", "a.", true)]
    [InlineData("a.*", "a.", true)]
    [InlineData("a", "a.", false)]
    [InlineData("*.*", ".", true)]
    [InlineData("a*", "ab", false)]
    [InlineData("a#", "ab", false)]
    [InlineData("quick.orange.#", "quick.orange.male.rabbit", true)]
    public void A_pattern_matches_as_the_specification_says(string pattern, string key, bool matches)
    {
        var (table, _) = Bound(pattern);
        Assert.Equal(matches ? 1 : 0, Route(table, key).Queues.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Agrees_with_a_plain_matcher_through_random_binds_and_unbinds(int seed)
    {
        var random = new Random(seed);
        var exchange = new Exchange(new NameTable(), "/", "x", ExchangeType.Topic);
        BindingTable table = TopicBindings.Empty;
        var bound = new Dictionary<string, Binding>();
        for (var step = 0; step < 3000; step++)
        {
            var pattern = Words(random, "a", "b", "*", "#", "");
            if (bound.Remove(pattern, out var old))
            {
                table = table.Without(old);
            }
            else
            {
                var binding = new Binding(exchange, NewQueue(step), Encoding.UTF8.GetBytes(pattern), FieldTable.Empty);
                bound.Add(pattern, binding);
                table = table.With(binding);
            }

            Assert.Equal(bound.Count, table.Count);
            var key = Words(random, "a", "b", "c", "");
            var expected = bound.Where(b => Matches(b.Key, key)).Select(b => b.Value.Queue!.Id.Value).Order();
            Assert.Equal(expected, Route(table, key).Queues.ToArray().Select(q => q.Id.Value).Order());
        }

        var all = new List<Binding>();
        table.CopyTo(all);
        Assert.Equal(bound.Values.ToHashSet(), all.ToHashSet());
        foreach (var binding in bound.Values)
            table = table.Without(binding);
        Assert.Equal(0, table.Count);
        Assert.Empty(Route(table, "a").Queues.ToArray());
    }

    [Fact]
    public void A_hostile_nest_of_hashes_costs_words_times_nodes_and_no_more()
    {
        // Matched by trying every split this would take longer than the universe has had.
        var pattern = string.Join('.', Enumerable.Repeat("#.a", 60)) + ".b";
        var (table, _) = Bound(pattern);
        var key = string.Join('.', Enumerable.Repeat("a", 125));
        var watch = Stopwatch.StartNew();
        Assert.Empty(Route(table, key).Queues.ToArray());
        Assert.Single(Route(table, key + ".b").Queues.ToArray());
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"took {watch.Elapsed}");
    }

    [Fact]
    public void What_a_lookup_costs_does_not_grow_with_the_bindings_that_do_not_match()
    {
        // By the number of nodes reached, as time depends on the machine.
        var exchange = new Exchange(new NameTable(), "/", "x", ExchangeType.Topic);
        BindingTable table = TopicBindings.Empty;
        var queue = NewQueue(1);
        for (var i = 0; i < 20_000; i++)
        {
            var key = Encoding.UTF8.GetBytes($"stock.{i % 100}.{i}");
            table = table.With(new Binding(exchange, queue, key, FieldTable.Empty));
        }

        table = table.With(new Binding(exchange, queue, "stock.*.nyse"u8.ToArray(), FieldTable.Empty));
        var result = Route(table, "stock.7.107");
        Assert.Single(result.Queues.ToArray());
        Assert.True(result.TopicNodes.Now.Length <= 2);
    }

    private static (BindingTable Table, Queue Queue) Bound(string pattern)
    {
        var exchange = new Exchange(new NameTable(), "/", "x", ExchangeType.Topic);
        var queue = NewQueue(1);
        var binding = new Binding(exchange, queue, Encoding.UTF8.GetBytes(pattern), FieldTable.Empty);
        return (TopicBindings.Empty.With(binding), queue);
    }

    private static RouteResult Route(BindingTable table, string key)
    {
        var result = new RouteResult();
        result.Clear();
        table.Route(Encoding.UTF8.GetBytes(key), default, result);
        return result;
    }

    private static Queue NewQueue(int id) => new()
    {
        Id = new QueueId((ulong)id), VHost = "/", Name = "q" + id, Shard = CatalogFixture.NewShard(0),
        Durable = false, Exclusive = false, AutoDelete = false,
    };

    private static string Words(Random random, params string[] words) =>
        string.Join('.', Enumerable.Range(0, random.Next(6)).Select(_ => words[random.Next(words.Length)]));

    private static bool Matches(string pattern, string key) =>
        Matches(pattern.Length == 0 ? [] : pattern.Split('.'), key.Length == 0 ? [] : key.Split('.'));

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> key)
    {
        if (pattern.IsEmpty)
            return key.IsEmpty;
        if (pattern[0] == "#")
            return Matches(pattern[1..], key) || (!key.IsEmpty && Matches(pattern, key[1..]));
        return !key.IsEmpty && (pattern[0] == "*" || pattern[0] == key[0]) && Matches(pattern[1..], key[1..]);
    }
}
