using Levada.Definitions;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Catalog;

// Definitions as one change: all of them or nothing, in one record of the log.
public sealed partial class CatalogStore
{
    /// <summary>
    /// Imports definitions. Users, permissions, policies and the like are set as the document has them; queues and
    /// exchanges that are there stay as they are, whatever the document says of them.
    /// </summary>
    /// <param name="document">What is to be there.</param>
    /// <param name="isDryRun">Only finds out what would be done.</param>
    /// <param name="done">Called with what becomes of each object, once it is so.</param>
    /// <param name="by">Who asked for it.</param>
    /// <exception cref="FormatException">It cannot be imported, and nothing has changed.</exception>
    /// <exception cref="Amqp.AmqpException">506: the disk is full.</exception>
    public void Import(
        DefinitionsDocument document, bool isDryRun, Action<IReadOnlyList<DefinitionChange>> done, string? by = null)
    {
        Make(change =>
        {
            var plan = new ImportPlan(document, _newestVHosts, _newestAccounts, _newestGlobals, _options);
            change.Done = () => done(plan.Changes);
            if (isDryRun)
                return;
            _commits.CheckRoom(0);
            Apply(change, document, plan);
        }, by);
    }

    internal static bool IsPredeclared(string exchange) => PredeclaredType(exchange) is not null;

    /// <summary>The type of an exchange that every virtual host has; null of any other.</summary>
    internal static ExchangeType? PredeclaredType(string exchange) =>
        Array.Find(Predeclared, known => known.Name == exchange)?.Type;

    // Nothing throws here: the plan has asked all that may be asked.
    private void Apply(Change change, DefinitionsDocument document, ImportPlan plan)
    {
        foreach (var (name, vhost) in document.VHosts)
            PutVHost(change, name, vhost.Apply);
        foreach (var user in plan.Users.Values)
            Put(change, user);
        foreach (var (name, json) in document.GlobalParameters)
            SetGlobalParameter(change, name, json);
        foreach (var (_, _, _, parameter) in document.Parameters)
            parameter.Set(change, _newestVHosts[parameter.VHost]);
        foreach (var policy in document.Policies)
            PolicySteps.Set(change, _newestVHosts[policy.VHost], policy);
        foreach (var (vhost, exchange) in plan.NewExchanges)
            AddNew(change, _newestVHosts[vhost], exchange);
        foreach (var (vhost, queue) in plan.NewQueues)
            Topology.AddQueue(change, _newestVHosts[vhost], New(change, _newestVHosts[vhost], queue));
        foreach (var (vhost, entry) in plan.NewBindings)
        {
            if (ImportPlan.Make(_newestVHosts[vhost], entry) is { } binding
                && binding.Source.Newest.Find(binding) is null)
            {
                Topology.AddBinding(change, _newestVHosts[vhost], binding);
            }
        }
    }

    private Exchange AddNew(Change change, VHost vhost, ExchangeDefinition definition)
    {
        var exchange = New(vhost, definition);
        exchange.NewestPolicies = exchange.Policies = PolicySteps.For(change, vhost, exchange.Name);
        if (exchange.HoldsBackBy(exchange.NewestPolicies))
            exchange.DelayQueue = NewDelayQueue(change, exchange);

        Topology.AddExchange(change, vhost, exchange);
        return exchange;
    }
}
