using Levada.Protocol;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>Policies as exchanges follow them.</summary>
public sealed class ExchangePolicyTests
{
    private readonly CatalogFixture _catalog = new();

    [Fact]
    public async Task An_alternate_comes_and_goes_with_its_policy()
    {
        _catalog.Exchange("orders");
        _catalog.Exchange("rest", "fanout");
        _catalog.Queue("q");
        _catalog.Bind("rest", "q");
        Assert.Equal("", _catalog.Route("orders", "k"));
        var version = _catalog.FindExchange("orders")!.Version;
        await _catalog.Store.SetPolicyAsync("^orders$", "'alternate-exchange':'rest'", "exchanges");
        Assert.Equal("q", _catalog.Route("orders", "k"));
        Assert.NotEqual(version, _catalog.FindExchange("orders")!.Version);
        version = _catalog.FindExchange("orders")!.Version;
        await _catalog.Store.DeletePolicyAsync("^orders$");
        Assert.Equal("", _catalog.Route("orders", "k"));
        Assert.NotEqual(version, _catalog.FindExchange("orders")!.Version);
    }

    [Fact]
    public async Task An_exchange_declared_later_has_it_too_and_its_argument_goes_before_it()
    {
        foreach (var name in (string[])["a", "b"])
        {
            _catalog.Exchange(name, "fanout");
            _catalog.Queue("q" + name);
            _catalog.Bind(name, "q" + name);
        }
        await _catalog.Store.SetPolicyAsync("^x", "'alternate-exchange':'a'");
        _catalog.Exchange("x1");
        _catalog.Exchange("x2", arguments: new FieldTable().Add("alternate-exchange", "b"));
        Assert.Equal("qa", _catalog.Route("x1", "k"));
        Assert.Equal("qb", _catalog.Route("x2", "k"));
        await _catalog.Store.SetPolicyAsync("^x", "'alternate-exchange':'b'");
        Assert.Equal("qb", _catalog.Route("x1", "k"));
    }

    [Fact]
    public async Task What_changes_behind_an_alternate_of_a_policy_raises_the_version()
    {
        _catalog.Exchange("x");
        _catalog.Exchange("y");
        _catalog.BindExchange("y", "x", "k");
        await _catalog.Store.SetPolicyAsync("^x$", "'alternate-exchange':'late'");
        var version = _catalog.FindExchange("y")!.Version;
        _catalog.Exchange("late", "fanout");
        Assert.NotEqual(version, _catalog.FindExchange("y")!.Version);
        version = _catalog.FindExchange("y")!.Version;
        await _catalog.Store.DeletePolicyAsync("^x$");
        Assert.NotEqual(version, _catalog.FindExchange("y")!.Version);
        version = _catalog.FindExchange("y")!.Version;
        _catalog.DeleteExchange("late");
        Assert.Equal(version, _catalog.FindExchange("y")!.Version);
    }

    [Fact]
    public async Task It_survives_a_restart()
    {
        var disk = new PowerCutDisk();
        var first = new CatalogFixture(disk);
        first.Exchange("x", durable: true);
        await first.Store.SetPolicyAsync("x", "'alternate-exchange':'amq.fanout'");
        first.Queue("q", durable: true);
        first.Bind("amq.fanout", "q");
        Assert.Equal("q", new CatalogFixture(disk).Route("x", "k"));
    }
}
