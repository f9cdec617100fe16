using Levada.Exchanges;
using Levada.Protocol;
using Xunit;

namespace Levada.Tests.Catalog;

public sealed class VersionTests
{
    private readonly CatalogFixture _catalog = new();

    [Fact]
    public void A_bind_and_an_unbind_raise_the_version_and_nothing_else_changes()
    {
        _catalog.Queue("q");
        var raised = Raised(() => _catalog.Bind("amq.direct", "q", "k"));
        Assert.Equal("amq.direct", raised);
        Assert.Equal("", Raised(() => _catalog.Bind("amq.direct", "q", "k")));
        Assert.Equal("amq.direct", Raised(() => _catalog.Unbind("amq.direct", "q", "k")));
        Assert.Equal("", Raised(() => _catalog.Unbind("amq.direct", "q", "k")));
        Assert.Equal("", Raised(() => _catalog.Queue("other")));
    }

    [Fact]
    public void Deleting_a_queue_raises_the_versions_of_all_that_led_to_it()
    {
        _catalog.Queue("q");
        _catalog.Bind("amq.direct", "q", "k");
        _catalog.Bind("amq.topic", "q", "#");
        Assert.Equal("amq.direct,amq.topic", Raised(() => _catalog.DeleteQueue("q")));
        Assert.Equal("", _catalog.Route("amq.topic", "k"));
    }

    [Fact]
    public void A_change_raises_the_versions_of_all_that_lead_there_over_bindings_and_alternates()
    {
        _catalog.Queue("q");
        foreach (var name in new[] { "x1", "x2", "x3" })
            _catalog.Exchange(name, "fanout");
        _catalog.Exchange("spared", arguments: new FieldTable().Add("alternate-exchange", "x1"));
        _catalog.BindExchange("x1", "x2");
        Assert.Equal("spared,x1,x2", Raised(() => _catalog.BindExchange("x2", "x3")));
        Assert.Equal("spared,x1,x2,x3", Raised(() => _catalog.Bind("x3", "q")));
        _catalog.BindExchange("x3", "x1");
        Assert.Equal("spared,x1,x2,x3", Raised(() => _catalog.DeleteQueue("q")));
    }

    [Fact]
    public void An_alternate_that_comes_or_goes_raises_the_version()
    {
        _catalog.Exchange("main", arguments: new FieldTable().Add("alternate-exchange", "late"));
        Assert.Equal("late,main", Raised(() => _catalog.Exchange("late", "fanout")));
        var late = _catalog.FindExchange("late")!;
        var before = late.Version;
        Assert.Equal("main", Raised(() => _catalog.DeleteExchange("late")));
        Assert.True(late.Version > before);
        Assert.True(late.IsDeleted);
    }

    [Fact]
    public async Task Whoever_reads_the_version_before_routing_never_keeps_an_old_result()
    {
        _catalog.Queue("q");
        var exchange = _catalog.FindExchange("amq.direct")!;
        (int Version, int Queues)[] kept = [(-1, 0)];
        var stop = false;
        var routing = Task.Run(() =>
        {
            var result = new RouteResult();
            while (!Volatile.Read(ref stop))
            {
                var version = exchange.Version;
                Router.Route(exchange, "k"u8, default, result);
                Volatile.Write(ref kept, [(version, result.Queues.Length)]);
            }
        }, TestContext.Current.CancellationToken);
        var compared = 0;
        for (var i = 0; i < 10_000; i++)
        {
            if (i % 2 == 0)
                _catalog.Bind("amq.direct", "q", "k");
            else
                _catalog.Unbind("amq.direct", "q", "k");
            // The change is done: what is of the present version was found after it.
            if (i % 100 < 2)
                SpinWait.SpinUntil(() => Volatile.Read(ref kept)[0].Version == exchange.Version);
            var (version, queues) = Volatile.Read(ref kept)[0];
            if (version != exchange.Version)
                continue;
            compared++;
            Assert.Equal(i % 2 == 0 ? 1 : 0, queues);
        }

        Volatile.Write(ref stop, true);
        await routing;
        Assert.True(compared >= 200);
    }

    private string Raised(Action change)
    {
        var before = _catalog.VHost.Exchanges().ToDictionary(x => x, x => x.Version);
        change();
        return string.Join(',', _catalog.VHost.Exchanges()
            .Where(x => x.Version != before.GetValueOrDefault(x)).Select(x => x.Name).Order());
    }
}
