using Levada.Exchanges;
using Levada.Policies;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// Policies as part of a change, and which of them count for what. Everything here runs under the catalog's lock.
/// Matching is done when policies, queues or exchanges come or go; no message ever asks.
/// </summary>
internal static class PolicySteps
{
    /// <summary>Adds a policy, or puts it in the place of the one with its name.</summary>
    public static void Set(Change change, VHost vhost, Policy policy)
    {
        vhost.NewestPolicies = vhost.NewestPolicies.With(policy);
        change.Repolicied.Add(vhost);
        change.Record.SetPolicy(policy);
        change.Events?.Set(policy);
    }

    public static void Remove(Change change, VHost vhost, Policy policy)
    {
        vhost.NewestPolicies = vhost.NewestPolicies.Without(policy.IsOperator, policy.Name);
        change.Repolicied.Add(vhost);
        change.Record.RemovePolicy(policy);
        change.Events?.Cleared(policy);
    }

    /// <exception cref="RefusedDefinitionException">
    /// It takes too long for the names that are there. Nothing was changed.
    /// </exception>
    public static void CheckSpeed(VHost vhost, Policy policy)
    {
        foreach (ref readonly var entry in vhost.NewestQueues)
            policy.Pattern.Matches(entry.Value.Name);
        foreach (ref readonly var entry in vhost.NewestExchanges)
            policy.Pattern.Matches(entry.Value.Name);
        if (policy.Pattern.IsGivenUp)
        {
            throw new RefusedDefinitionException(
                "Validation failed\n\nthe pattern takes too long for the names that are there; one without "
                + "look-around and back-references does not\n");
        }
    }

    /// <summary>What counts for a queue.</summary>
    public static AppliedPolicies For(Change change, VHost vhost, string queue, QueueType type) => Match(
        change, vhost, type == QueueType.Quorum ? PolicyTarget.QuorumQueues : PolicyTarget.ClassicQueues, queue);

    /// <summary>What counts for an exchange.</summary>
    public static AppliedPolicies For(Change change, VHost vhost, string exchange) =>
        Match(change, vhost, PolicyTarget.Exchanges, exchange);

    private static AppliedPolicies Match(Change change, VHost vhost, PolicyTarget kind, string name)
    {
        var found = vhost.NewestPolicies.Match(kind, name);
        change.GivenUpPolicies.AddRange(vhost.NewestPolicies.TakeGivenUp());
        return found;
    }

    /// <summary>Finds out what counts for everything in a virtual host whose policies changed.</summary>
    public static void Match(Change change, VHost vhost)
    {
        var policies = vhost.NewestPolicies;
        change.Show(() => vhost.Policies = policies);
        foreach (ref readonly var entry in vhost.NewestQueues)
            Match(change, vhost, entry.Value);
        foreach (ref readonly var entry in vhost.NewestExchanges)
        {
            if (!entry.Value.IsDefault)
                Match(change, vhost, entry.Value);
        }
    }

    private static void Match(Change change, VHost vhost, Queue queue)
    {
        var policies = For(change, vhost, queue.Name, queue.Type);
        if (policies.IsSame(queue.NewestPolicies))
            return;
        queue.NewestPolicies = policies;
        change.RuledQueues.Add((queue, policies));
    }

    private static void Match(Change change, VHost vhost, Exchange exchange)
    {
        var policies = For(change, vhost, exchange.Name);
        if (policies.IsSame(exchange.NewestPolicies))
            return;
        Topology.SetPolicies(change, vhost, exchange, policies);
    }
}
