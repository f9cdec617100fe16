using Levada.Policies;
using Xunit;

namespace Levada.Tests.Policies;

/// <summary>What policies may say; texts are RabbitMQ's.</summary>
public sealed class PolicyRulesTests
{
    [Theory]
    [InlineData("{}", "[{key_missing,pattern},{key_missing,definition}]")]
    [InlineData("{'pattern':'.'}", "[{key_missing,definition}]")]
    [InlineData("{'pattern':5,'definition':{'max-length':1}}", "pattern should be a binary but was 5")]
    [InlineData("{'pattern':'.','definition':{}}", "no policy provided")]
    [InlineData("{'pattern':'.','definition':[1]}", "definition must be a dictionary: [1]")]
    [InlineData(
        "{'pattern':'.','definition':{'max-length':1},'priority':'x'}",
        "priority should be a number, actually was <<\"x\">>")]
    [InlineData(
        "{'pattern':'.','definition':{'max-length':1},'apply-to':'nope'}",
        "apply-to 'nope' unrecognised; should be 'all', 'queues', 'exchanges', 'classic_queues', 'quorum_queues', "
        + "'streams'")]
    [InlineData(
        "{'pattern':'.','definition':{'foo':5,'max-length':1,'baz':[1,{'a':true}]}}",
        "[{<<\"foo\">>,5},{<<\"baz\">>,[1,#{<<\"a\">> => true}]}] are not recognised policy settings")]
    public void What_is_no_policy_is_refused(string json, string text) => Assert.Equal(text, Fault(json));

    [Theory]
    [InlineData("message-ttl", "-1", "-1 is not a valid message TTL")]
    [InlineData("expires", "0", "0 is not a valid queue expiry")]
    [InlineData("max-length", "'x'", "<<\"x\">> is not a valid maximum length")]
    [InlineData("max-length-bytes", "true", "true is not a valid maximum length in bytes")]
    [InlineData("max-in-memory-length", "-1", "-1 is not a valid maximum memory in bytes")]
    [InlineData("max-in-memory-bytes", "[]", "[] is not a valid maximum memory in bytes")]
    [InlineData("delivery-limit", "'x'", "<<\"x\">> is not a valid delivery limit")]
    [InlineData("overflow", "'x'", "<<\"x\">> is not a valid overflow value")]
    [InlineData("dead-letter-exchange", "3", "3 is not a valid dead letter exchange name")]
    [InlineData("dead-letter-routing-key", "3", "3 is not a valid dead letter routing key")]
    [InlineData("dead-letter-strategy", "'x'", "<<\"x\">> is not a valid dead letter strategy")]
    [InlineData("alternate-exchange", "null", "null is not a valid alternate exchange name")]
    [InlineData("queue-mode", "'x'", "<<\"x\">> is not a valid queue-mode value")]
    [InlineData("queue-version", "3", "3 is not a valid queue-version value")]
    [InlineData("queue-leader-locator", "'x'", "<<\"x\">> is not a valid queue leader locator value")]
    [InlineData("initial-cluster-size", "-1", "-1 is not a valid cluster size")]
    [InlineData("stream-max-segment-size-bytes", "-1", "-1 is not a valid segment size")]
    [InlineData("ha-mode", "'x'", "<<\"x\">> is not a valid ha-mode value")]
    [InlineData("max-priority", "3", "[{<<\"max-priority\">>,3}] are not recognised policy settings")]
    [InlineData("max-prefetch", "3", "[{<<\"max-prefetch\">>,3}] are not recognised policy settings")]
    [InlineData(
        "federation-upstream", "'x'", "[{<<\"federation-upstream\">>,<<\"x\">>}] are not recognised policy settings")]
    public void A_value_that_makes_no_sense_is_refused(string key, string value, string text) =>
        Assert.Equal(text, Fault($"{{'pattern':'.','definition':{{'{key}':{value}}}}}"));

    [Fact]
    public void An_operator_policy_may_only_cap()
    {
        foreach (var key in PolicyKeys.All)
            Assert.Equal(key.Caps, PolicyKeys.Find(key.Name, isOperator: true) is not null);
        Assert.Equal(
            "[{<<\"alternate-exchange\">>,<<\"x\">>}] are not recognised policy settings",
            Fault("{'pattern':'.','definition':{'alternate-exchange':'x'}}", isOperator: true));
        Assert.Equal(
            "0 is not a valid maximum prefetch",
            Fault("{'pattern':'.','definition':{'max-prefetch':0}}", isOperator: true));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var policy = PolicyRules.Read(
            "/", "p", isOperator: false, PolicyExtensions.Json("{'pattern':'','definition':{'ha-mode':'all'}}"));
        Assert.Equal((PolicyTarget.All, 0), (policy.ApplyTo, policy.Priority));
    }

    private static string Fault(string json, bool isOperator = false)
    {
        var fault = Assert.Throws<RefusedDefinitionException>(
            () => PolicyRules.Read("/", "p", isOperator, PolicyExtensions.Json(json)));
        return fault.Message.Replace("Validation failed\n\n", "", StringComparison.Ordinal).TrimEnd('\n');
    }
}
