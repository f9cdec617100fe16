using Xunit;

namespace Levada.Tests.Web;

/// <summary>Users, virtual hosts, and what is set for them.</summary>
public sealed class AccountPagesTests(Browser browser)
{
    [Theory]
    [InlineData("managesUsersAndVirtualHosts")]
    [InlineData("managesManyUsers")]
    [InlineData("looksAtAVirtualHost")]
    [InlineData("setsParametersAndLimits")]
    [InlineData("setsPolicies")]
    [InlineData("importsDefinitionsAfterALook")]
    public Task Reader(string scenario) => browser.ReadsAsync(scenario);
}
