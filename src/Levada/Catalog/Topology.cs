using System.Collections.Immutable;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// How queues, exchanges and bindings hang together in the newest state: what goes with what, and whose versions move.
/// Everything here runs under the catalog's lock and writes what it does into a change.
/// </summary>
internal static class Topology
{
    public static void AddExchange(Change change, VHost vhost, Exchange exchange)
    {
        vhost.NewestExchanges = vhost.NewestExchanges.Set(exchange.NameUtf8, exchange);
        change.Renamed.Add(vhost);
        KnowAlternate(vhost, exchange);
        RaiseUpstream(change, vhost, exchange);
        if (exchange.DelayQueue is { } queue)
            change.AddedQueues.Add(queue);
        change.Events?.Created(exchange);
        if (exchange.Durable)
            change.Record.AddExchange(exchange);
    }

    /// <summary>
    /// Other policies count for an exchange: its messages may go to another alternate, or be held back.
    /// </summary>
    public static void SetPolicies(Change change, VHost vhost, Exchange exchange, AppliedPolicies policies)
    {
        var before = exchange.NewestAlternate;
        var heldBack = exchange.HoldsBackBy(exchange.NewestPolicies);
        var holdsBack = exchange.HoldsBackBy(policies);
        if (holdsBack && exchange.DelayQueue is null && !change.IsReplay)
        {
            exchange.DelayQueue = change.NewDelayQueue(exchange);
            change.AddedQueues.Add(exchange.DelayQueue);
            if (exchange.Durable)
                change.Record.DelayExchange(exchange, exchange.DelayQueue);
        }

        ForgetAlternate(vhost, exchange);
        exchange.NewestPolicies = policies;
        KnowAlternate(vhost, exchange);
        change.Show(() => exchange.Policies = policies);
        if (exchange.NewestAlternate != before || heldBack != holdsBack)
            RaiseUpstream(change, vhost, exchange);
    }

    public static void AddQueue(Change change, VHost vhost, Queue queue)
    {
        vhost.NewestQueues = vhost.NewestQueues.Set(queue.NameUtf8, queue);
        change.Renamed.Add(vhost);
        change.AddedQueues.Add(queue);
        change.Events?.Created(queue);
        if (queue.Durable)
            change.Record.AddQueue(queue);
    }

    public static void AddBinding(Change change, VHost vhost, Binding binding)
    {
        var source = binding.Source;
        source.Newest = source.Newest.With(binding);
        SetInbound(vhost, binding, Inbound(vhost, binding).With(binding));
        change.Rebound(source);
        if (source.History is not null && !change.IsReplay)
            change.HistoryBound.Add(binding);
        change.Events?.Created(binding);
        RaiseUpstream(change, vhost, source);
        if (binding.Durable)
            change.Record.AddBinding(binding);
    }

    /// <summary>Removes a binding, and its source if that is an auto-delete exchange with no other binding.</summary>
    public static void RemoveBinding(Change change, VHost vhost, Binding binding)
    {
        if (binding.Durable)
            change.Record.RemoveBinding(binding);
        RaiseUpstream(change, vhost, binding.Source);
        Unbind(change, vhost, binding);
        AutoDelete(change, vhost, [binding.Source]);
    }

    public static void RemoveQueue(Change change, VHost vhost, Queue queue)
    {
        if (queue.Durable)
            change.Record.RemoveQueue(queue);
        vhost.NewestQueues = vhost.NewestQueues.Remove(queue.NameUtf8);
        change.Renamed.Add(vhost);
        change.RemovedQueues.Add(queue);
        change.Events?.Deleted(queue);
        if (vhost.BindingsOfQueue.Remove(queue.Id, out var bindings))
            AutoDelete(change, vhost, UnbindSources(change, vhost, bindings));
    }

    public static void RemoveExchange(Change change, VHost vhost, Exchange exchange) =>
        AutoDelete(change, vhost, RemoveOneExchange(change, vhost, exchange));

    /// <summary>Whether the handle is still what its name leads to in the newest state.</summary>
    public static bool IsCurrent(VHost vhost, Exchange exchange) =>
        vhost.NewestExchanges.TryGet(exchange.NameUtf8, out var found) && ReferenceEquals(found, exchange);

    /// <summary>Whether the handle is still what its name leads to in the newest state.</summary>
    public static bool IsCurrent(VHost vhost, Queue queue) =>
        vhost.NewestQueues.TryGet(queue.NameUtf8, out var found) && ReferenceEquals(found, queue);

    /// <summary>
    /// The exchange and every one that leads to it, by a binding or as its alternate, over however many steps: their
    /// messages are routed through it.
    /// </summary>
    public static HashSet<Exchange> Upstream(VHost vhost, Exchange exchange)
    {
        var found = new HashSet<Exchange>(ReferenceEqualityComparer.Instance) { exchange };
        var ahead = new Stack<Exchange>(found);
        while (ahead.TryPop(out var next))
        {
            foreach (var binding in next.Inbound)
            {
                if (found.Add(binding.Source))
                    ahead.Push(binding.Source);
            }

            foreach (var other in vhost.AlternateOf.GetValueOrDefault(next.Name, []))
            {
                if (found.Add(other))
                    ahead.Push(other);
            }
        }

        return found;
    }

    // Nobody has routed anything while the log is read.
    private static void RaiseUpstream(Change change, VHost vhost, Exchange exchange)
    {
        if (!change.IsReplay)
            change.Raise(Upstream(vhost, exchange));
    }

    // An exchange that goes may leave others without a binding; a list, not recursion, as chains can be long.
    private static void AutoDelete(Change change, VHost vhost, IEnumerable<Exchange> sources)
    {
        if (change.IsReplay)
            return;
        var ahead = new Queue<Exchange>(sources);
        while (ahead.TryDequeue(out var exchange))
        {
            if (!exchange.AutoDelete || exchange.Newest.Count > 0 || !IsCurrent(vhost, exchange))
                continue;
            foreach (var source in RemoveOneExchange(change, vhost, exchange))
                ahead.Enqueue(source);
        }
    }

    /// <returns>The sources of the bindings that ended there.</returns>
    private static HashSet<Exchange> RemoveOneExchange(Change change, VHost vhost, Exchange exchange)
    {
        if (exchange.Durable)
            change.Record.RemoveExchange(exchange);
        RaiseUpstream(change, vhost, exchange);
        vhost.NewestExchanges = vhost.NewestExchanges.Remove(exchange.NameUtf8);
        change.Renamed.Add(vhost);
        change.Rebound(exchange);
        change.Show(() => exchange.IsDeleted = true);
        change.Events?.Deleted(exchange);
        if (exchange.DelayQueue is { } queue)
            change.RemovedQueues.Add(queue);
        ForgetAlternate(vhost, exchange);
        var outbound = new List<Binding>(exchange.Newest.Count);
        exchange.Newest.CopyTo(outbound);
        exchange.Newest = exchange.Unbound;
        foreach (var binding in outbound)
        {
            SetInbound(vhost, binding, Inbound(vhost, binding).Without(binding));
            change.Events?.Deleted(binding);
        }

        var inbound = exchange.Inbound;
        exchange.Inbound = default;
        return UnbindSources(change, vhost, inbound);
    }

    private static HashSet<Exchange> UnbindSources(Change change, VHost vhost, BindingSet bindings)
    {
        var sources = new HashSet<Exchange>(ReferenceEqualityComparer.Instance);
        foreach (var binding in bindings)
        {
            if (sources.Add(binding.Source))
                RaiseUpstream(change, vhost, binding.Source);
            Unbind(change, vhost, binding);
        }

        return sources;
    }

    private static void Unbind(Change change, VHost vhost, Binding binding)
    {
        var source = binding.Source;
        source.Newest = source.Newest.Without(binding);
        SetInbound(vhost, binding, Inbound(vhost, binding).Without(binding));
        change.Events?.Deleted(binding);
        change.Rebound(source);
    }

    private static void KnowAlternate(VHost vhost, Exchange exchange)
    {
        if (exchange.NewestAlternate is { } alternate)
            vhost.AlternateOf[alternate] = vhost.AlternateOf.GetValueOrDefault(alternate, []).Add(exchange);
    }

    private static void ForgetAlternate(VHost vhost, Exchange exchange)
    {
        if (exchange.NewestAlternate is not { } alternate)
            return;
        var rest = vhost.AlternateOf.GetValueOrDefault(alternate, ImmutableList<Exchange>.Empty).Remove(exchange);
        if (rest.IsEmpty)
            vhost.AlternateOf.Remove(alternate);
        else
            vhost.AlternateOf[alternate] = rest;
    }

    private static BindingSet Inbound(VHost vhost, Binding binding)
    {
        if (binding.Exchange is { } exchange)
            return exchange.Inbound;
        return vhost.BindingsOfQueue.GetValueOrDefault(binding.Queue!.Id);
    }

    private static void SetInbound(VHost vhost, Binding binding, BindingSet inbound)
    {
        if (binding.Exchange is { } exchange)
            exchange.Inbound = inbound;
        else if (inbound.IsEmpty)
            vhost.BindingsOfQueue.Remove(binding.Queue!.Id);
        else
            vhost.BindingsOfQueue[binding.Queue!.Id] = inbound;
    }
}
