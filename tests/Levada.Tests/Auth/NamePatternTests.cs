using System.Diagnostics;
using Levada.Auth;
using Xunit;

namespace Levada.Tests.Auth;

public sealed class NamePatternTests
{
    [Theory]
    // RabbitMQ runs the pattern unanchored (re:run in rabbit_auth_backend_internal), and reads an empty one as ^$.
    [InlineData("", "q", false)]
    [InlineData("", "", true)]
    [InlineData("^$", "q", false)]
    [InlineData(".*", "any\u00e9", true)]
    [InlineData(".*", "", true)]
    [InlineData("rder", "orders", true)]
    [InlineData("^order", "orders", true)]
    [InlineData("^order$", "orders", false)]
    [InlineData("^(a|b)$", "b", true)]
    [InlineData("Order", "orders", false)]
    [InlineData("^(?!amq\\.).*", "amq.direct", false)]
    [InlineData("^(?!amq\\.).*", "mine", true)]
    [InlineData("^(.)\\1$", "aa", true)]
    [InlineData("^(.)\\1$", "ab", false)]
    public void Matches_as_RabbitMQ_does(string pattern, string name, bool matches) =>
        Assert.Equal(matches, new NamePattern(pattern).Matches(name));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("^(?!x)(a+)+$")]
    public void A_hostile_pattern_does_not_hold_the_thread(string pattern)
    {
        var watch = Stopwatch.StartNew();
        Assert.False(new NamePattern(pattern).Matches(new string('a', 250) + "!"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public void What_is_no_pattern_is_refused_with_the_reason()
    {
        var fault = Assert.Throws<FormatException>(() => new Permissions(".*", "(", ".*"));
        Assert.StartsWith("'(' is not a regular expression: ", fault.Message);
    }
}
