using Levada.Exchanges;
using Levada.Protocol;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Exchanges;

/// <summary>How x-consistent-hash and x-modulus-hash exchanges share keys out, at the router.</summary>
public sealed class ConsistentHashTests
{
    private const int Keys = 100_000;

    private readonly CatalogFixture _catalog = new();

    [Theory]
    [InlineData("ring")]
    [InlineData("jump")]
    public void Keys_are_shared_out_evenly(string algorithm)
    {
        Declare(algorithm);
        Bind(Names(5), "1");
        foreach (var count in Counts(Owners()).Values)
            Assert.InRange(count, Keys / 5 * 0.95, Keys / 5 * 1.05);
    }

    [Theory]
    [InlineData("ring")]
    [InlineData("jump")]
    public void Keys_are_shared_out_by_weight(string algorithm)
    {
        Declare(algorithm);
        string[] weights = ["1", "2", "+3", "4", "10"];
        for (var i = 0; i < weights.Length; i++)
            Bind([$"q{i}"], weights[i]);
        var counts = Counts(Owners());
        for (var i = 0; i < weights.Length; i++)
        {
            var share = Keys * int.Parse(weights[i], null) / 20.0;
            Assert.InRange(counts[$"q{i}"], share * 0.95, share * 1.05);
        }
    }

    [Fact]
    public void When_a_binding_goes_only_its_keys_move_and_come_back_with_it()
    {
        Declare("ring");
        Bind(Names(4), "1");
        Bind(["heavy", "other"], "3");
        foreach (var (name, weight) in new[] { ("q1", "1"), ("heavy", "3") })
        {
            var before = Owners();
            _catalog.Unbind("x", name, weight);
            var without = Owners();
            Assert.DoesNotContain(name, without);
            Assert.All(before.Zip(without), pair => Assert.True(pair.First == name || pair.First == pair.Second));
            // The keys that moved went to all the others, not to a neighbour.
            var heirs = before.Zip(without).Where(pair => pair.First == name).Select(pair => pair.Second).Distinct();
            Assert.Equal(5, heirs.Count());
            _catalog.Bind("x", name, weight);
            Assert.Equal(before, Owners());
        }
    }

    [Fact]
    public void A_queue_that_is_declared_again_gets_its_keys_back()
    {
        Declare("ring");
        Bind(Names(4), "1");
        var before = Owners();
        _catalog.DeleteQueue("q2");
        Assert.DoesNotContain("q2", Owners());
        Bind(["q2"], "1");
        Assert.Equal(before, Owners());
    }

    [Fact]
    public void A_weight_that_grows_takes_keys_and_gives_none_away()
    {
        Declare("ring");
        Bind(Names(4), "1");
        var before = Owners();
        _catalog.Unbind("x", "q0", "1");
        _catalog.Bind("x", "q0", "2");
        var after = Owners();
        Assert.All(before.Zip(after), pair => Assert.True(pair.Second == "q0" || pair.First == pair.Second));
        Assert.InRange(Counts(after)["q0"], Keys * 0.4 * 0.95, Keys * 0.4 * 1.05);
    }

    [Fact]
    public void With_jump_a_new_queue_takes_from_all_and_nothing_else_moves()
    {
        Declare("jump");
        Bind(Names(4), "2");
        var before = Owners();
        Bind(["q4"], "2");
        var after = Owners();
        Assert.All(before.Zip(after), pair => Assert.True(pair.Second == "q4" || pair.First == pair.Second));
        Assert.InRange(Counts(after)["q4"], Keys / 5 * 0.95, Keys / 5 * 1.05);
        _catalog.Unbind("x", "q4", "2");
        Assert.Equal(before, Owners());
    }

    [Theory]
    [InlineData("ring")]
    [InlineData("jump")]
    public void The_order_of_binding_and_a_restart_change_nothing(string algorithm)
    {
        var disk = new PowerCutDisk();
        var first = new CatalogFixture(disk);
        first.Exchange("x", "x-consistent-hash", durable: true, arguments: Algorithm(algorithm));
        first.Exchange("y", "x-consistent-hash", durable: true, arguments: Algorithm(algorithm));
        foreach (var name in Names(20))
            first.Queue(name, durable: true);
        foreach (var name in Names(20))
            first.Bind("x", name, "3");
        foreach (var name in Names(20).Reverse())
            first.Bind("y", name, "3");
        var owners = Owners(first);
        Assert.Equal(owners, Owners(first, "y"));
        disk.Crash(new Random(1));
        Assert.Equal(owners, Owners(new CatalogFixture(disk)));
    }

    [Fact]
    public void A_queue_bound_twice_counts_once_by_its_larger_weight()
    {
        Declare("ring");
        Bind(["q0", "q1"], "1");
        _catalog.Bind("x", "q1", "3");
        Assert.InRange(Counts(Owners())["q1"], Keys * 0.75 * 0.95, Keys * 0.75 * 1.05);
        _catalog.Unbind("x", "q1", "3");
        Assert.InRange(Counts(Owners())["q1"], Keys * 0.5 * 0.95, Keys * 0.5 * 1.05);
    }

    [Theory]
    [InlineData("hash-header")]
    [InlineData("x-hash-on")]
    public void A_header_can_be_hashed_instead(string argument)
    {
        _catalog.Exchange("x", "x-consistent-hash", arguments: new FieldTable().Add(argument, "id"));
        Bind(Names(8), "1");
        var byText = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            var headers = new FieldTable().Add("other", i).Add("id", $"{i}");
            byText.Add(_catalog.Route("x", "one", headers));
            Assert.Equal(_catalog.Route("x", "one", headers), _catalog.Route("x", "two", headers));
            Assert.Equal(
                _catalog.Route("x", "", new FieldTable().Add("id", i)),
                _catalog.Route("x", "", new FieldTable().Add("id", (long)i)));
        }

        Assert.Equal(8, byText.Count);
        Assert.False(_catalog.RouteOf("x", "one").IsRepeatable);
        // Without the header they all stay together.
        Assert.Equal(_catalog.Route("x", "one"), _catalog.Route("x", "two", new FieldTable().Add("other", 1)));
        Assert.NotEqual("", _catalog.Route("x", "one"));
    }

    [Theory]
    [InlineData("message_id")]
    [InlineData("correlation_id")]
    [InlineData("timestamp")]
    public void A_property_can_be_hashed_instead(string property)
    {
        _catalog.Exchange("x", "x-consistent-hash", arguments: new FieldTable().Add("hash-property", property));
        Bind(Names(8), "1");
        var owners = new HashSet<string>();
        for (var i = 0; i < 100; i++)
        {
            var properties = property switch
            {
                "message_id" => new BasicProperties { MessageId = $"{i}" },
                "correlation_id" => new BasicProperties { CorrelationId = $"{i}" },
                _ => new BasicProperties { Timestamp = (ulong)i },
            };
            var owner = _catalog.RouteOf("x", "one", properties).Queues[0].Name;
            owners.Add(owner);
            Assert.Equal(owner, _catalog.RouteOf("x", "two", properties).Queues[0].Name);
        }

        Assert.Equal(8, owners.Count);
        Assert.False(_catalog.RouteOf("x", "one").IsRepeatable);
    }

    [Fact]
    public void Modulus_hash_shares_keys_out_evenly_and_keeps_to_it()
    {
        _catalog.Exchange("x", "x-modulus-hash");
        Bind(Names(5), "anything");
        var owners = Owners();
        Assert.Equal(owners, Owners());
        foreach (var count in Counts(owners).Values)
            Assert.InRange(count, Keys / 5 * 0.95, Keys / 5 * 1.05);
        Assert.True(_catalog.RouteOf("x", "k").IsRepeatable);
    }

    [Fact]
    public void A_result_by_the_routing_key_is_repeatable() =>
        Assert.True(Declare("ring").RouteOf("x", "k").IsRepeatable);

    [Fact]
    public void Further_keys_in_CC_add_no_second_queue()
    {
        foreach (var type in new[] { "x-consistent-hash", "x-modulus-hash", "x-random" })
        {
            _catalog.Exchange(type, type);
            foreach (var name in Names(8))
            {
                _catalog.Queue(name);
                _catalog.Bind(type, name, "1");
            }

            var keys = FieldValue.Array([.. Enumerable.Range(0, 50).Select(i => FieldValue.String($"{i}"))]);
            Assert.Equal(1, _catalog.RouteOf(type, "k", new FieldTable().Add("CC", keys)).Queues.Length);
            CatalogFixture.Refused(
                406,
                "invalid message: header 'CC' must be an array of routing keys (longstr), got longstr",
                () => _catalog.Route(type, "k", new FieldTable().Add("CC", "b")));
        }
    }

    [Fact]
    public void The_destination_can_be_an_exchange_and_none_leads_to_the_alternate()
    {
        _catalog.Exchange(
            "x", "x-consistent-hash", arguments: new FieldTable().Add("alternate-exchange", "amq.fanout"));
        foreach (var name in new[] { "a", "b", "spare" })
            _catalog.Queue(name);
        _catalog.Bind("amq.fanout", "spare");
        Assert.Equal("spare", _catalog.Route("x", "k"));
        foreach (var name in new[] { "a", "b" })
        {
            _catalog.Exchange($"to-{name}", "fanout");
            _catalog.Bind($"to-{name}", name);
            _catalog.BindExchange("x", $"to-{name}", "1");
        }

        var counts = Counts([.. Enumerable.Range(0, 1000).Select(i => _catalog.Route("x", $"{i}"))]);
        Assert.Equal(["a", "b"], counts.Keys.Order());
    }

    [Theory]
    [InlineData("x-consistent-hash", "ring")]
    [InlineData("x-consistent-hash", "jump")]
    [InlineData("x-modulus-hash", "ring")]
    [InlineData("x-random", "ring")]
    public void Routing_allocates_nothing_once_warm(string type, string algorithm)
    {
        _catalog.Exchange("x", type, arguments: Algorithm(algorithm));
        for (var i = 0; i < 20; i++)
            Bind([$"q{i}"], $"{1 + (i % 3)}");
        var exchange = _catalog.FindExchange("x")!;
        var result = new RouteResult();
        Router.Route(exchange, "key"u8, default, result);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            Router.Route(exchange, "key"u8, default, result);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(1, result.Queues.Length);
    }

    private static FieldTable Algorithm(string name) => new FieldTable().Add("x-algorithm", name);

    private static IEnumerable<string> Names(int count) => Enumerable.Range(0, count).Select(i => $"q{i}");

    private static Dictionary<string, int> Counts(string[] owners) =>
        owners.GroupBy(name => name).ToDictionary(group => group.Key, group => group.Count());

    private static string[] Owners(CatalogFixture catalog, string name = "x")
    {
        var exchange = catalog.FindExchange(name)!;
        var result = new RouteResult();
        var owners = new string[Keys];
        for (var i = 0; i < Keys; i++)
        {
            Router.Route(exchange, System.Text.Encoding.UTF8.GetBytes($"customer.{i}"), default, result);
            owners[i] = Assert.Single(result.Queues.ToArray()).Name;
        }

        return owners;
    }

    private string[] Owners() => Owners(_catalog);

    private CatalogFixture Declare(string algorithm)
    {
        _catalog.Exchange("x", "x-consistent-hash", arguments: Algorithm(algorithm));
        return _catalog;
    }

    private void Bind(IEnumerable<string> names, string key)
    {
        foreach (var name in names)
        {
            _catalog.Queue(name);
            _catalog.Bind("x", name, key);
        }
    }
}
