using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// What the rest of the broker does about changes. Called in the order of the changes, by whichever thread makes them
/// visible, outside the catalog's lock; must not block. Set before the first change.
/// </summary>
public sealed class CatalogHooks
{
    /// <summary>Before the queue can be found: its shard makes a place for its messages.</summary>
    public Action<Queue> QueueAdded { get; set; } = static _ => { };

    /// <summary>After the queue can no longer be found: its shard drops what is left of it.</summary>
    public Action<Queue> QueueRemoved { get; set; } = static _ => { };

    /// <summary>After a binding of an exchange that remembers messages can be seen: its other end gets them.</summary>
    public Action<Binding> HistoryBound { get; set; } = static _ => { };

    /// <summary>After other policies count for queues that were there: their shards apply them.</summary>
    public Action<IReadOnlyList<Queue>> QueuesRuled { get; set; } = static _ => { };

    /// <summary>A policy's pattern took too long: it matches nothing any more.</summary>
    public Action<Policy> PolicyGivenUp { get; set; } = static _ => { };

    /// <summary>After a virtual host and all in it are gone: its connections are closed.</summary>
    public Action<VHost> VHostRemoved { get; set; } = static _ => { };

    /// <summary>After a user is gone: its connections are closed.</summary>
    public Action<string> UserRemoved { get; set; } = static _ => { };

    /// <summary>After a user has other permissions: what it may do no more is ended.</summary>
    public Action<string> RightsChanged { get; set; } = static _ => { };

    /// <summary>Whether somebody wants to hear what changes.</summary>
    public Func<bool> TellsEvents { get; set; } = static () => false;

    /// <summary>What changed, as an event: kind and headers.</summary>
    public Action<string, FieldTable> Happened { get; set; } = static (_, _) => { };

    /// <summary>The log cannot be written any more, or a callback threw; the process must end.</summary>
    public Action<Exception> Failed { get; set; } =
        static fault => Environment.FailFast("the catalog cannot go on", fault);
}
