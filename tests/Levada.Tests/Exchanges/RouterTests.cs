using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Exchanges;

public sealed class RouterTests
{
    private readonly CatalogFixture _catalog = new();

    [Fact]
    public void The_default_exchange_leads_to_the_queue_of_that_name()
    {
        _catalog.Queue("a");
        Assert.Equal("a", _catalog.Route("", "a"));
        Assert.Equal("", _catalog.Route("", "b"));
    }

    [Fact]
    public void A_direct_exchange_compares_the_key_whole()
    {
        Queues("a", "b", "c");
        _catalog.Bind("amq.direct", "a", "k");
        _catalog.Bind("amq.direct", "b", "k");
        _catalog.Bind("amq.direct", "c", "k.x");
        _catalog.Bind("amq.direct", "c", "");
        Assert.Equal("a,b", _catalog.Route("amq.direct", "k"));
        Assert.Equal("c", _catalog.Route("amq.direct", "k.x"));
        Assert.Equal("c", _catalog.Route("amq.direct"));
        Assert.Equal("", _catalog.Route("amq.direct", "K"));
    }

    [Fact]
    public void A_fanout_exchange_leads_to_every_queue_once()
    {
        Queues("a", "b");
        _catalog.Bind("amq.fanout", "a", "one");
        _catalog.Bind("amq.fanout", "a", "two");
        _catalog.Bind("amq.fanout", "b");
        Assert.Equal("a,b", _catalog.Route("amq.fanout", "three"));
    }

    [Fact]
    public void A_hundred_queues_get_a_message_once_each()
    {
        var names = Enumerable.Range(0, 100).Select(i => $"q{i:000}").ToArray();
        Queues(names);
        foreach (var name in names)
        {
            _catalog.Bind("amq.fanout", name, "1");
            _catalog.Bind("amq.fanout", name, "2");
        }

        Assert.Equal(string.Join(',', names), _catalog.Route("amq.fanout"));
    }

    [Theory]
    [InlineData("all", 1, "x", true)]
    [InlineData("all", 1, "y", false)]
    [InlineData("all", null, "x", false)]
    [InlineData("any", 1, "y", true)]
    [InlineData("any", 2, "x", true)]
    [InlineData("any", 2, "y", false)]
    [InlineData("any", null, null, false)]
    [InlineData(null, 1, "x", true)]
    [InlineData(null, 1, "y", false)]
    public void A_headers_exchange_compares_all_or_any(string? match, int? number, string? text, bool matches)
    {
        Queues("q");
        var arguments = new FieldTable().Add("number", 1).Add("text", "x");
        if (match is not null)
            arguments.Add("x-match", match);
        _catalog.Bind("amq.headers", "q", "ignored", arguments);
        var headers = new FieldTable().Add("other", true);
        if (number is { } value)
            headers.Add("number", (long)value);
        if (text is not null)
            headers.Add("text", text);
        Assert.Equal(matches ? "q" : "", _catalog.Route("amq.headers", "", headers));
    }

    [Theory]
    [InlineData("all", "v", true)]
    [InlineData("all", "other", true)]
    [InlineData("all-with-x", "v", true)]
    [InlineData("all-with-x", "other", false)]
    [InlineData("any", "v", false)]
    [InlineData("any-with-x", "v", true)]
    [InlineData("any-with-x", "other", false)]
    public void Keys_that_begin_with_x_count_only_when_asked_for(string match, string value, bool matches)
    {
        Queues("q");
        _catalog.Bind("amq.match", "q", "", new FieldTable().Add("x-match", match).Add("x-key", "v"));
        Assert.Equal(matches ? "q" : "", _catalog.Route("amq.match", "", new FieldTable().Add("x-key", value)));
    }

    [Fact]
    public void A_void_in_the_binding_asks_only_that_the_header_is_there()
    {
        Queues("q");
        _catalog.Bind("amq.headers", "q", "", new FieldTable().Add("key", FieldValue.Void));
        Assert.Equal("q", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 7)));
        Assert.Equal("q", _catalog.Route("amq.headers", "", new FieldTable().Add("key", FieldValue.Void)));
        Assert.Equal("", _catalog.Route("amq.headers", "", new FieldTable().Add("other", 7)));
    }

    [Fact]
    public void Headers_are_compared_by_value_as_RabbitMQ_does()
    {
        Queues("int", "text", "bool", "double", "table");
        var table = new FieldTable().Add("inner", 1);
        _catalog.Bind("amq.headers", "int", "", new FieldTable().Add("key", 1));
        _catalog.Bind("amq.headers", "text", "", new FieldTable().Add("key", "1"));
        _catalog.Bind("amq.headers", "bool", "", new FieldTable().Add("key", true));
        _catalog.Bind("amq.headers", "double", "", new FieldTable().Add("key", 1.5));
        _catalog.Bind("amq.headers", "table", "", new FieldTable().Add("key", table));
        Assert.Equal("int", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 1L)));
        Assert.Equal("int", _catalog.Route("amq.headers", "", Header(FieldValue.Integer(FieldType.UnsignedByte, 1))));
        Assert.Equal("int", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 1.0)));
        Assert.Equal("text", _catalog.Route("amq.headers", "", new FieldTable().Add("key", "1")));
        Assert.Equal("text", _catalog.Route("amq.headers", "", Header(FieldValue.Binary("1"u8))));
        Assert.Equal("bool", _catalog.Route("amq.headers", "", new FieldTable().Add("key", true)));
        Assert.Equal("double", _catalog.Route("amq.headers", "", Header(FieldValue.Float(1.5f))));
        Assert.Equal("table", _catalog.Route("amq.headers", "", new FieldTable().Add("key", table)));
        Assert.Equal("", _catalog.Route("amq.headers", "", Header(FieldValue.Void)));
    }

    [Fact]
    public void An_empty_pattern_matches_every_message_with_all_and_none_with_any()
    {
        Queues("all", "any");
        _catalog.Bind("amq.headers", "all");
        _catalog.Bind("amq.headers", "any", "", new FieldTable().Add("x-match", "any"));
        Assert.Equal("all", _catalog.Route("amq.headers"));
        Assert.Equal("all", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 1)));
    }

    [Fact]
    public void Of_headers_with_one_name_the_last_one_counts()
    {
        Queues("q");
        _catalog.Bind("amq.headers", "q", "", new FieldTable().Add("key", 2));
        Assert.Equal("q", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 1).Add("key", 2)));
        Assert.Equal("", _catalog.Route("amq.headers", "", new FieldTable().Add("key", 2).Add("key", 1)));
    }

    [Fact]
    public void Exchanges_bound_in_a_circle_lead_everywhere_once()
    {
        Queues("a", "b", "c");
        foreach (var name in new[] { "x1", "x2", "x3" })
            _catalog.Exchange(name, "fanout");
        _catalog.Bind("x1", "a");
        _catalog.Bind("x2", "b");
        _catalog.Bind("x3", "c");
        _catalog.Bind("x3", "a");
        _catalog.BindExchange("x1", "x2");
        _catalog.BindExchange("x2", "x3");
        _catalog.BindExchange("x3", "x1");
        _catalog.BindExchange("x1", "x1");
        Assert.Equal("a,b,c", _catalog.Route("x2", "anything"));
    }

    [Fact]
    public void An_exchange_passes_the_key_on_to_the_next()
    {
        Queues("q");
        _catalog.Exchange("first", "topic");
        _catalog.Exchange("second", "direct", isInternal: true);
        _catalog.BindExchange("first", "second", "*.b");
        _catalog.Bind("second", "q", "a.b");
        Assert.Equal("q", _catalog.Route("first", "a.b"));
        Assert.Equal("", _catalog.Route("first", "c.b"));
    }

    [Theory]
    [InlineData("alternate-exchange")]
    [InlineData("x-alternate-exchange")]
    public void What_matches_nothing_goes_to_the_alternate_exchange(string argument)
    {
        Queues("matched", "rest");
        _catalog.Exchange("main", arguments: new FieldTable().Add(argument, "spare"));
        _catalog.Bind("main", "matched", "k");
        Assert.Equal("", _catalog.Route("main", "other"));
        _catalog.Exchange("spare", "fanout");
        _catalog.Bind("spare", "rest");
        Assert.Equal("matched", _catalog.Route("main", "k"));
        Assert.Equal("rest", _catalog.Route("main", "other"));
    }

    [Fact]
    public void Alternates_that_name_each_other_end()
    {
        Queues("q");
        _catalog.Exchange("x1", arguments: new FieldTable().Add("alternate-exchange", "x2"));
        _catalog.Exchange("x2", arguments: new FieldTable().Add("alternate-exchange", "x1"));
        _catalog.Bind("x2", "q", "k");
        Assert.Equal("", _catalog.Route("x1", "other"));
        Assert.Equal("q", _catalog.Route("x1", "k"));
    }

    [Fact]
    public void The_default_exchange_can_be_an_alternate_and_such_a_result_is_not_repeatable()
    {
        _catalog.Exchange("main", arguments: new FieldTable().Add("alternate-exchange", ""));
        Assert.Equal("", _catalog.Route("main", "late"));
        Assert.False(_catalog.RouteOf("main", "late").IsRepeatable);
        _catalog.Queue("late");
        Assert.Equal("late", _catalog.Route("main", "late"));
    }

    [Fact]
    public void I13_cc_and_bcc_name_further_keys()
    {
        Queues("a", "b", "c", "d");
        foreach (var name in new[] { "a", "b", "c", "d" })
            _catalog.Bind("amq.direct", name, name);
        var headers = new FieldTable()
            .Add("CC", FieldValue.Array(FieldValue.String("b"), FieldValue.Int(4), FieldValue.String("a")))
            .Add("BCC", FieldValue.Array(FieldValue.String("c")))
            .Add("cc", FieldValue.Array(FieldValue.String("d")));
        Assert.Equal("a,b,c", _catalog.Route("amq.direct", "a", headers));
        Assert.Equal("a,b,c", _catalog.Route("", "nowhere", headers));
        Assert.True(Router.HasCarbonCopies(headers.ToBytes()));
        Assert.False(Router.HasCarbonCopies(new FieldTable().Add("cc", "x").ToBytes()));
        Assert.False(_catalog.RouteOf("amq.direct", "a", headers).IsRepeatable);
    }

    [Theory]
    [InlineData("CC")]
    [InlineData("BCC")]
    public void I13_cc_and_bcc_must_be_arrays(string header)
    {
        Queues("a");
        CatalogFixture.Refused(
            406,
            $"invalid message: header '{header}' must be an array of routing keys (longstr), got longstr",
            () => _catalog.Route("", "a", new FieldTable().Add(header, "b")));
    }

    [Fact]
    public void A_result_is_repeatable_unless_headers_took_part()
    {
        Queues("q");
        _catalog.Bind("amq.direct", "q", "k");
        Assert.True(_catalog.RouteOf("amq.direct", "k", new FieldTable().Add("key", 1)).IsRepeatable);
        Assert.False(_catalog.RouteOf("amq.headers").IsRepeatable);
        _catalog.BindExchange("amq.fanout", "amq.headers");
        Assert.False(_catalog.RouteOf("amq.fanout").IsRepeatable);
    }

    [Fact]
    public void Routing_allocates_nothing_once_warm()
    {
        Queues("a", "b");
        _catalog.Bind("amq.topic", "a", "one.*.#");
        _catalog.Bind("amq.topic", "b", "#.three");
        _catalog.BindExchange("amq.topic", "amq.headers", "#");
        _catalog.Bind("amq.headers", "a", "", new FieldTable().Add("key", 1).Add("text", "x"));
        var exchange = _catalog.FindExchange("amq.topic")!;
        var headers = new FieldTable().Add("key", 1).Add("text", "x")
            .Add("CC", FieldValue.Array(FieldValue.String("one.x")));
        BasicPropertiesReader.TryRead(new BasicProperties { Headers = headers }.ToBytes(), out var properties);
        var result = new RouteResult();
        Router.Route(exchange, "one.two.three"u8, properties, result);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            Router.Route(exchange, "one.two.three"u8, properties, result);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(2, result.Queues.Length);
    }

    private static FieldTable Header(FieldValue value) => new FieldTable().Add("key", value);

    private void Queues(params string[] names)
    {
        foreach (var name in names)
            _catalog.Queue(name);
    }
}
