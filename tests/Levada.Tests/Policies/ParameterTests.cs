using Levada.Catalog;
using Levada.Policies;
using Levada.Tests.Catalog;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>Parameters, global parameters and limits in the catalog.</summary>
public sealed class ParameterTests
{
    private readonly PowerCutDisk _disk = new();

    [Fact]
    public async Task They_survive_a_restart_and_a_log_written_anew()
    {
        var first = new CatalogFixture(_disk);
        await SetAsync(first, "shovel", "s", "{'src-uri':'amqp://','n':[1,2.5,null]}");
        await SetAsync(first, "shovel", "gone", "1");
        await SetAsync(first, "shovel", "s2", "'text'");
        await SetAsync(first, "shovel", "s2", "'other'");
        await PolicyExtensions.DoneAsync(done => first.Store.DeleteParameter("/", "shovel", "gone", done));
        await PolicyExtensions.DoneAsync(done => first.Store.SetGlobalParameter("cluster_tags", "{}", done));
        await PolicyExtensions.DoneAsync(done => first.Store.SetGlobalParameter("gone", "1", done));
        await PolicyExtensions.DoneAsync(done => first.Store.DeleteGlobalParameter("gone", done));
        await first.Store.SetPolicyAsync("^a", "'max-length':3", "classic_queues", priority: -7);
        await first.Store.SetPolicyAsync("^a", "'max-length':2", isOperator: true, name: "cap");
        await SetAsync(first, "vhost-limits", "limits", "{'max-queues':5,'max-connections':-1}");
        var before = Everything(first);
        Assert.Equal(before, Everything(new CatalogFixture(_disk)));
        // So much that the log is written anew.
        var second = new CatalogFixture(_disk);
        for (var i = 0; i < 3; i++)
            await SetAsync(second, "big", "b", $"'{new string((char)('a' + i), 400_000)}'");
        await PolicyExtensions.DoneAsync(done => second.Store.DeleteParameter("/", "big", "b", done));
        Assert.Equal(before, Everything(new CatalogFixture(_disk)));
    }

    [Fact]
    public async Task Limits_and_operator_policies_are_parameters_too()
    {
        var catalog = new CatalogFixture();
        await SetAsync(catalog, "operator_policy", "cap", "{'pattern':'.','definition':{'max-length':2}}");
        await SetAsync(catalog, "vhost-limits", "limits", "{'max-connections':7}");
        Assert.Equal("cap", Assert.Single(catalog.VHost.Policies.Operator.All).Name);
        Assert.Equal(new VHostLimits(MaxConnections: 7), catalog.VHost.Limits);
        Assert.Equal(
            "operator_policy cap {\"pattern\":\".\",\"apply-to\":\"all\",\"priority\":0,"
            + "\"definition\":{\"max-length\":2}}; vhost-limits limits {\"max-connections\":7}",
            string.Join("; ", ParameterRules.All(catalog.VHost).Select(p => $"{p.Component} {p.Name} {p.Json}")));
        await PolicyExtensions.DoneAsync(done => catalog.Store.DeleteParameter("/", "operator_policy", "cap", done));
        await PolicyExtensions.DoneAsync(done => catalog.Store.DeleteParameter("/", "vhost-limits", "limits", done));
        Assert.Empty(ParameterRules.All(catalog.VHost));
    }

    [Fact]
    public async Task They_go_with_their_virtual_host()
    {
        var catalog = new CatalogFixture(_disk);
        await PolicyExtensions.DoneAsync(done => catalog.Store.AddVHost("v", VHostLimits.None, _ => done()));
        await PolicyExtensions.DoneAsync(done => catalog.Store.Set(
            ParameterRules.Read("v", "shovel", "s", PolicyExtensions.Json("1")), done));
        await PolicyExtensions.DoneAsync(done => catalog.Store.DeleteVHost("v", _ => done()));
        await PolicyExtensions.DoneAsync(done => catalog.Store.AddVHost("v", VHostLimits.None, _ => done()));
        Assert.Empty(catalog.Store.FindVHost("v")!.Parameters);
        Assert.Empty(new CatalogFixture(_disk).Store.FindVHost("v")!.Parameters);
    }

    [Fact]
    public async Task What_cannot_be_is_refused_and_changes_nothing()
    {
        var catalog = new CatalogFixture();
        await Assert.ThrowsAsync<RefusedDefinitionException>(
            () => SetAsync(catalog, "policy", "p", "{'pattern':'.','definition':{'max-length':2}}"));
        await Assert.ThrowsAsync<RefusedDefinitionException>(
            () => SetAsync(catalog, "vhost-limits", "limits", "{'max-channels':2}"));
        Assert.Throws<RefusedDefinitionException>(() => catalog.Store.Set(
            ParameterRules.Read("nowhere", "shovel", "s", PolicyExtensions.Json("1"))));
        Assert.Empty(ParameterRules.All(catalog.VHost));
    }

    private static Task SetAsync(CatalogFixture catalog, string component, string name, string json) =>
        PolicyExtensions.DoneAsync(done => catalog.Store.Set(
            ParameterRules.Read("/", component, name, PolicyExtensions.Json(json)), done));

    private static string Everything(CatalogFixture catalog) => string.Join('\n',
    [
        .. catalog.Store.GlobalParameters.Select(global => $"global {global.Key} {global.Value}"),
        .. ParameterRules.All(catalog.VHost).Select(p => $"{p}"),
        .. catalog.VHost.Policies.Own.All.Select(p =>
            $"{p} {p.Pattern.Text} {p.ApplyTo} {p.Priority} {p.Definition}"),
    ]);
}
