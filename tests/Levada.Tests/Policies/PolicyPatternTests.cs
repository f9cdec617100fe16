using Levada.Policies;
using Levada.Tests.Catalog;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Policies;

public sealed class PolicyPatternTests
{
    private static readonly string Hostile = new('a', 40);

    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("orders", "my.orders.1", true)]
    [InlineData("^orders$", "my.orders", false)]
    [InlineData("^(?!amq\\.).*", "amq.gen-1", false)]
    [InlineData("^(?!amq\\.).*", "orders", true)]
    [InlineData("^(.)\\1$", "aa", true)]
    [InlineData("^(.)\\1$", "ab", false)]
    public void It_matches_anywhere_in_a_name_unless_it_is_anchored(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new PolicyPattern(pattern).Matches(name));

    [Theory]
    [InlineData("(")]
    [InlineData("*")]
    [InlineData("[z-a]")]
    public void What_is_no_regular_expression_is_refused(string pattern) =>
        Assert.Throws<FormatException>(() => new PolicyPattern(pattern));

    [Fact]
    public void A_hostile_pattern_of_linear_time_holds_nobody_up()
    {
        var pattern = new PolicyPattern("^(a+)+$");
        Assert.True(pattern.IsLinear);
        Assert.False(pattern.Matches(Hostile + "b"));
        Assert.True(pattern.Matches(Hostile));
    }

    [Fact]
    public void One_that_takes_long_is_given_up()
    {
        var pattern = new PolicyPattern("^(?!x)(a+)+$");
        Assert.True(pattern.Matches("aa"));
        Assert.False(pattern.IsLinear);
        // Each of them uses up the 50 ms that a name may take, of a second for all.
        for (var i = 0; i < 100 && !pattern.IsGivenUp; i++)
            Assert.False(pattern.Matches($"{new string('a', 40)}{i}b"));
        Assert.True(pattern.IsGivenUp);
        Assert.False(pattern.Matches("aa"));
    }

    [Fact]
    public async Task One_that_is_given_up_later_is_told_of_once()
    {
        await using var broker = await TestBroker.StartAsync(static _ => { });
        var catalog = broker.Broker.Catalog;
        await catalog.SetPolicyAsync("^(?!x)(a+)+$", "'max-length':2", name: "slow");
        using var connection = RawConnection.OpenWithChannel(broker);
        for (var i = 0; i < 60; i++)
            connection.DeclareQueue(1, $"{Hostile}{i}b", exclusive: true);
        await broker.Log.WaitForAsync("policy 'slow' of vhost '/' is given up");
        connection.DeclareQueue(1, "aa", exclusive: true);
        Assert.Null(catalog.FindVHost("/")!.FindQueue("aa"u8)!.Policies.Own);
    }

    [Fact]
    public async Task A_pattern_that_takes_too_long_for_what_is_there_is_refused_and_changes_nothing()
    {
        var catalog = new CatalogFixture();
        for (var i = 0; i < 100; i++)
            catalog.Queue($"{Hostile}{i}b");
        await catalog.Store.SetPolicyAsync("b$", "'max-length':1", name: "p");
        var fault = await Assert.ThrowsAsync<RefusedDefinitionException>(
            () => catalog.Store.SetPolicyAsync("^(?!x)(a+)+$", "'max-length':2", name: "p"));
        Assert.Contains("takes too long", fault.Message, StringComparison.Ordinal);
        Assert.Equal("b$", catalog.VHost.Policies.Own.Find("p")!.Pattern.Text);
        Assert.Equal(1, catalog.FindQueue($"{Hostile}1b")!.Policies.Number(PolicyKeys.MaxLength));
    }
}
