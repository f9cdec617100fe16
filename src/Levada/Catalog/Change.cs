using Levada.Exchanges;
using Levada.Policies;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// One change of the definitions: made and recorded under the catalog's lock, shown to everybody else later, when its
/// record and all before it are durable. What is to be shown is caught here, as the newest state may have moved on.
/// </summary>
internal sealed class Change
{
    private readonly HashSet<Exchange> _touched = new(ReferenceEqualityComparer.Instance);
    private HashSet<Exchange>? _raised;
    private readonly List<Action> _states = [];
    private readonly List<Action> _effects = [];
    private readonly List<Action> _followUps = [];

    /// <summary>What the log keeps of it; empty if nothing durable changed.</summary>
    public RecordWriter Record { get; init; } = new();

    /// <summary>
    /// It repeats what the log says: what went with what is in the log too, and nothing is to be concluded again.
    /// </summary>
    public bool IsReplay { get; init; }

    /// <summary>What is said of it when it is visible; null if nobody listens.</summary>
    public ChangeEvents? Events { get; init; }

    /// <summary>Makes the queue behind an exchange that a policy lets hold messages back.</summary>
    public Func<Exchange, Queue> NewDelayQueue { get; init; } =
        static _ => throw new InvalidOperationException("a replay makes no queues");

    public List<Queue> AddedQueues { get; } = [];

    public List<Queue> RemovedQueues { get; } = [];

    /// <summary>New bindings of exchanges that remember messages.</summary>
    public List<Binding> HistoryBound { get; } = [];

    /// <summary>
    /// Policies came or went here: what they mean for queues and exchanges is found out when all is in.
    /// </summary>
    public HashSet<VHost> Repolicied { get; } = [];

    /// <summary>Queues that were there, for which other policies count from now on.</summary>
    public List<(Queue Queue, AppliedPolicies Policies)> RuledQueues { get; } = [];

    /// <summary>Policies that match nothing any more, as they took too long.</summary>
    public List<Policy> GivenUpPolicies { get; } = [];

    /// <summary>Queues or exchanges came or went here.</summary>
    public HashSet<VHost> Renamed { get; } = [];

    /// <summary>Called last, when everybody sees the change.</summary>
    public Action? Done { get; set; }

    /// <summary>Number of the last record that must be durable first; 0 for a change without a record.</summary>
    public long RecordNumber { get; set; }

    /// <summary>Bindings that start at the exchange came or went.</summary>
    public void Rebound(Exchange exchange) => _touched.Add(exchange);

    /// <summary>Messages published to these may be routed otherwise. The set is the change's from now on.</summary>
    public void Raise(HashSet<Exchange> exchanges)
    {
        if (_raised is null)
            _raised = exchanges;
        else
            _raised.UnionWith(exchanges);
    }

    /// <summary>Something else to be seen, after names and bindings.</summary>
    public void Show(Action effect) => _effects.Add(effect);

    /// <summary>What somebody does about it, once everybody can see all of it.</summary>
    public void Follow(Action followUp) => _followUps.Add(followUp);

    /// <summary>Catches the newest state of what was touched. Under the lock, once nothing more is added.</summary>
    public void Seal()
    {
        foreach (var vhost in Repolicied)
            PolicySteps.Match(this, vhost);
        foreach (var vhost in Renamed)
        {
            var (queues, exchanges) = (vhost.NewestQueues, vhost.NewestExchanges);
            _states.Add(() =>
            {
                vhost.Names.Queues = queues;
                vhost.Names.Exchanges = exchanges;
            });
        }

        foreach (var exchange in _touched)
        {
            var bindings = exchange.Newest;
            _states.Add(() => exchange.Bindings = bindings);
        }
    }

    /// <summary>
    /// Makes it visible. Versions are raised last: whoever reads the new version before routing routes by the new
    /// bindings.
    /// </summary>
    public void Publish(CatalogHooks hooks)
    {
        foreach (var queue in AddedQueues)
            hooks.QueueAdded(queue);
        foreach (var state in _states)
            state();
        foreach (var effect in _effects)
            effect();
        foreach (var (queue, policies) in RuledQueues)
            queue.Policies = policies;
        foreach (var queue in RemovedQueues)
            queue.IsDeleted = true;
        foreach (var exchange in _raised ?? [])
            exchange.RaiseVersion();
        // After the versions: a publisher that has not seen the binding has its message remembered before it looks.
        foreach (var binding in HistoryBound)
            hooks.HistoryBound(binding);
        if (RuledQueues.Count > 0 && !IsReplay)
            hooks.QueuesRuled(RuledQueues.ConvertAll(static ruled => ruled.Queue));
        foreach (var policy in GivenUpPolicies)
            hooks.PolicyGivenUp(policy);
        foreach (var queue in RemovedQueues)
            hooks.QueueRemoved(queue);
        foreach (var followUp in _followUps)
            followUp();
        Events?.Raise(hooks.Happened);
        Done?.Invoke();
    }
}
