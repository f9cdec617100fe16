using System.Collections.Immutable;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// A virtual host: a space of names for queues and exchanges. Reading, from any thread, sees what is durable; the
/// catalog, under its lock, also keeps the newest state here, which new changes are checked against.
/// </summary>
public sealed class VHost
{
    private volatile VHostLimits _limits;
    private volatile VHostMetadata _metadata = VHostMetadata.None;
    private volatile bool _isTracing;
    private volatile bool _isDeleted;
    private volatile VHostPolicies _policies = VHostPolicies.None;
    private volatile ImmutableDictionary<(string Component, string Name), Parameter> _parameters =
        ImmutableDictionary<(string, string), Parameter>.Empty;

    internal VHost(string name, VHostLimits limits)
    {
        Name = name;
        _limits = NewestLimits = limits;
        DefaultExchange = new Exchange(Names, name, "", ExchangeType.Direct) { Durable = true };
    }

    public string Name { get; }

    public Exchange DefaultExchange { get; }

    public VHostLimits Limits
    {
        get => _limits;
        internal set => _limits = value;
    }

    public VHostPolicies Policies
    {
        get => _policies;
        internal set => _policies = value;
    }

    /// <summary>What components keep here; limits and operator policies are kept apart.</summary>
    public ImmutableDictionary<(string Component, string Name), Parameter> Parameters
    {
        get => _parameters;
        internal set => _parameters = value;
    }

    public VHostMetadata Metadata
    {
        get => _metadata;
        internal set
        {
            _metadata = value;
            _isTracing = value.IsTracing;
        }
    }

    /// <summary>Of its metadata, for those who ask with each message.</summary>
    public bool IsTracing => _isTracing;

    /// <summary>Set once, by the catalog; its connections are to be closed then.</summary>
    public bool IsDeleted
    {
        get => _isDeleted;
        internal set => _isDeleted = value;
    }

    /// <summary>Where copies of all its messages go; null unless it is traced.</summary>
    internal Exchange? Firehose => _isTracing ? FindExchange(Events.Firehose.ExchangeNameUtf8) : null;

    /// <summary>It was warned that there are nearly as many queues as may be. Owner: the broker's ticker.</summary>
    internal bool NearQueues;

    public int QueueCount => Names.Queues.Count;

    public int ExchangeCount => Names.Exchanges.Count;

    /// <summary>What its x-recent-history exchanges remember.</summary>
    public long RecentHistoryBytes
    {
        get
        {
            var bytes = 0L;
            foreach (ref readonly var entry in Names.Exchanges)
                bytes += entry.Value.History?.Bytes ?? 0;
            return bytes;
        }
    }

    /// <summary>Messages that its x-delayed-message exchanges hold back.</summary>
    public long MessagesDelayed
    {
        get
        {
            var messages = 0L;
            foreach (ref readonly var entry in Names.Exchanges)
                messages += entry.Value.MessagesDelayed;
            return messages;
        }
    }

    /// <summary>What connections that are gone have done here. Under the lock of their totals.</summary>
    internal Amqp.MessageCounters Gone { get; } = new();

    internal NameTable Names { get; } = new();

    // From here on: the newest state, under the catalog's lock.
    internal bool IsNewestDeleted { get; set; }

    internal VHostLimits NewestLimits { get; set; }

    internal VHostPolicies NewestPolicies { get; set; } = VHostPolicies.None;

    internal ImmutableDictionary<(string Component, string Name), Parameter> NewestParameters { get; set; } =
        ImmutableDictionary<(string, string), Parameter>.Empty;

    internal VHostMetadata NewestMetadata { get; set; } = VHostMetadata.None;

    internal ByteMap<Queue> NewestQueues { get; set; } = ByteMap<Queue>.Empty;

    internal ByteMap<Exchange> NewestExchanges { get; set; } = ByteMap<Exchange>.Empty;

    /// <summary>The bindings that end at each queue.</summary>
    internal Dictionary<QueueId, BindingSet> BindingsOfQueue { get; } = [];

    /// <summary>By the name of an exchange, there or not: those that have it as their alternate.</summary>
    internal Dictionary<string, ImmutableList<Exchange>> AlternateOf { get; } = new(StringComparer.Ordinal);

    public Queue? FindQueue(ReadOnlySpan<byte> utf8Name) => Names.FindQueue(utf8Name);

    /// <summary>An empty name finds the default exchange.</summary>
    public Exchange? FindExchange(ReadOnlySpan<byte> utf8Name) => Names.FindExchange(utf8Name);

    /// <summary>All queues at this moment, in no order.</summary>
    public IReadOnlyList<Queue> Queues() => Names.Queues.Values();

    /// <summary>The queues behind exchanges that hold messages back: no name leads to them.</summary>
    internal IEnumerable<Queue> DelayQueues() => Exchanges().Select(static e => e.DelayQueue).OfType<Queue>();

    /// <summary>All exchanges at this moment, the default one included, in no order.</summary>
    public IReadOnlyList<Exchange> Exchanges() => Names.Exchanges.Values();

    /// <summary>
    /// The bindings that start at an exchange, in no order; those of the default exchange are not listed.
    /// </summary>
    public static IReadOnlyList<Binding> BindingsFrom(Exchange source)
    {
        var bindings = new List<Binding>(source.Bindings.Count);
        source.Bindings.CopyTo(bindings);
        return bindings;
    }

    public override string ToString() => $"vhost '{Name}'";
}
