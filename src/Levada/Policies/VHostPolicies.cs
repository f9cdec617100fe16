namespace Levada.Policies;

/// <summary>Both kinds of policies of a virtual host. A change gives another one; read by anyone.</summary>
/// <param name="Own">Those of policymakers.</param>
/// <param name="Operator">Those that cap them.</param>
public sealed record VHostPolicies(PolicySet Own, PolicySet Operator)
{
    public static VHostPolicies None { get; } = new(PolicySet.Empty, PolicySet.Empty);

    public PolicySet Of(bool isOperator) => isOperator ? Operator : Own;

    public VHostPolicies With(Policy policy) => policy.IsOperator
        ? this with { Operator = Operator.With(policy) }
        : this with { Own = Own.With(policy) };

    public VHostPolicies Without(bool isOperator, string name) => isOperator
        ? this with { Operator = Operator.Without(name) }
        : this with { Own = Own.Without(name) };

    /// <summary>Those whose pattern was given up since the last call. Under the catalog's lock.</summary>
    internal IEnumerable<Policy> TakeGivenUp()
    {
        foreach (var policy in Own.All.Concat(Operator.All))
        {
            if (!policy.Pattern.IsGivenUp || policy.IsGivenUpTold)
                continue;
            policy.IsGivenUpTold = true;
            yield return policy;
        }
    }

    /// <summary>What counts for a thing.</summary>
    /// <param name="kind">What it is: classic or quorum queue, or exchange.</param>
    /// <param name="name">Its name.</param>
    public AppliedPolicies Match(PolicyTarget kind, string name) =>
        AppliedPolicies.Of(Own.Match(kind, name), Operator.Match(kind, name));
}
