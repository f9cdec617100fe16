using Levada.Definitions;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

// Bindings: their ends may be there, or come with the import.
internal sealed partial class ImportPlan
{
    private readonly HashSet<(string, string, string, bool, string, FieldTable)> _bindings = [];

    private void PlanBinding(string vhost, BindingEntry entry)
    {
        // Those that every queue has with the default exchange are no bindings of anybody's.
        if (entry.Source.Length == 0)
            return;
        var kind = entry.ToQueue ? "queue" : "exchange";
        var what = $"binding from exchange '{entry.Source}' to {kind} '{entry.Destination}' in vhost '{vhost}'";
        var found = FindVHost(vhost, what);
        if (found is null && !_newVHosts.Contains(vhost))
            return;
        if (SourceType(found, vhost, entry.Source) is not { } type)
        {
            _faults.Add($"{what}: there is no such exchange, and the definitions bring none");
            return;
        }

        if (!HasDestination(found, vhost, entry, out var queue))
        {
            _faults.Add($"{what}: there is no such {kind}, and the definitions bring none");
            return;
        }

        var key = Utf8(entry.RoutingKey);
        if (!IsName(entry.RoutingKey, $"{what}: the key"))
            return;
        if (BindingRules.Fault(type, key, entry.Arguments, queue) is { } fault)
        {
            _faults.Add($"{what}: {fault}");
            return;
        }

        if (!_bindings.Add((vhost, entry.Source, entry.Destination, entry.ToQueue, entry.RoutingKey, entry.Arguments)))
            return;
        var isThere = found is not null && Make(found, entry) is { } binding
            && binding.Source.Newest.Find(binding) is not null;
        Add("binding", vhost, $"{entry.Source} -> {entry.Destination}", isThere ? true : null);
        if (!isThere)
            NewBindings.Add((vhost, entry));
    }

    /// <summary>The binding between what is there now; null if one of its ends is not.</summary>
    public static Binding? Make(VHost vhost, BindingEntry entry)
    {
        if (!vhost.NewestExchanges.TryGet(Utf8(entry.Source), out var source))
            return null;
        var key = Utf8(entry.RoutingKey);
        if (entry.ToQueue)
        {
            return vhost.NewestQueues.TryGet(Utf8(entry.Destination), out var queue)
                ? new Binding(source, queue, key, entry.Arguments)
                : null;
        }

        return vhost.NewestExchanges.TryGet(Utf8(entry.Destination), out var exchange)
            ? new Binding(source, exchange, key, entry.Arguments)
            : null;
    }

    private ExchangeType? SourceType(VHost? vhost, string name, string exchange)
    {
        if (_newExchanges.TryGetValue((name, exchange), out var definition))
            return definition.RoutingType;
        if (vhost is null)
            return CatalogStore.PredeclaredType(exchange);
        return vhost.NewestExchanges.TryGet(Utf8(exchange), out var found) ? found.RoutingType : null;
    }

    private bool HasDestination(VHost? vhost, string name, BindingEntry entry, out QueueType? queue)
    {
        queue = null;
        if (!entry.ToQueue)
            return entry.Destination.Length > 0 && SourceType(vhost, name, entry.Destination) is not null;
        if (_newQueues.TryGetValue((name, entry.Destination), out var definition))
            queue = definition.Type;
        else if (vhost is not null && vhost.NewestQueues.TryGet(Utf8(entry.Destination), out var found))
            queue = found.Type;
        return queue is not null;
    }
}
