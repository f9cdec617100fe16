using System.Text;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Exchanges;

/// <summary>
/// An exchange, as everyone may hold it: its definition, which never changes, and its bindings as messages see them
/// now. Bindings and version are read from any thread and written by the catalog alone. A deleted exchange that is
/// declared again is another object.
/// </summary>
public sealed class Exchange
{
    private volatile BindingTable _bindings;
    private int _version;
    private volatile bool _isDeleted;
    private long _published;
    private long _queuesReached;
    private long _deduplicated;

    /// <param name="names">Of the virtual host.</param>
    /// <param name="vhost">Where it is.</param>
    /// <param name="name">Empty for the default exchange.</param>
    /// <param name="type">What its bindings mean.</param>
    /// <param name="arguments">Checked.</param>
    /// <param name="hashAlgorithm">Of an x-consistent-hash exchange that names none.</param>
    internal Exchange(
        NameTable names, string vhost, string name, ExchangeType type, FieldTable? arguments = null,
        HashAlgorithm hashAlgorithm = HashAlgorithm.Ring)
    {
        Names = names;
        VHost = vhost;
        Name = name;
        NameUtf8 = Encoding.UTF8.GetBytes(name);
        Type = type;
        Arguments = arguments ?? FieldTable.Empty;
        RoutingType = type.Routing(Arguments);
        _bindings = Newest = Unbound = BindingTable.EmptyFor(RoutingType, Arguments, hashAlgorithm);
    }

    public string VHost { get; }

    /// <summary>Empty for the default exchange.</summary>
    public string Name { get; }

    public byte[] NameUtf8 { get; }

    public ExchangeType Type { get; }

    /// <summary>
    /// How it chooses among its bindings: its type, or x-delayed-type of one that holds messages back.
    /// </summary>
    public ExchangeType RoutingType { get; }

    public bool Durable { get; init; }

    /// <summary>It goes when the last binding that starts at it goes.</summary>
    public bool AutoDelete { get; init; }

    /// <summary>It takes messages from other exchanges only.</summary>
    public bool Internal { get; init; }

    public FieldTable Arguments { get; }

    /// <summary>The alternate that its arguments name; it goes before a policy's.</summary>
    internal string? OwnAlternate
    {
        get;
        init
        {
            field = value;
            AlternateUtf8 = Utf8(value);
        }
    }

    /// <summary>Where a message goes that matched no binding here; the exchange named need not exist.</summary>
    public string? AlternateExchange => AlternateOf(Policies);

    /// <summary>The same as it travels.</summary>
    internal byte[]? AlternateUtf8
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>The policies that count for it.</summary>
    public AppliedPolicies Policies
    {
        get => Volatile.Read(ref field);
        internal set
        {
            Volatile.Write(ref field, value);
            AlternateUtf8 = Utf8(AlternateOf(value));
            HoldingQueue = HoldsBackBy(value) ? DelayQueue : null;
        }
    } = AppliedPolicies.None;

    public bool IsDefault => Name.Length == 0;

    /// <summary>
    /// Raised, after the fact, whenever a message published here might be routed otherwise than before: a change of
    /// this exchange, of one it leads to, of its alternate, and its deletion. Read it before routing; a result is good
    /// for as long as the version has not moved (see <see cref="RouteResult.IsRepeatable"/>). The default exchange
    /// keeps one version for ever: there a result is good until its queue says that it is deleted.
    /// </summary>
    public int Version => Volatile.Read(ref _version);

    /// <summary>Set once, by the catalog, when the name no longer leads here.</summary>
    public bool IsDeleted
    {
        get => _isDeleted;
        internal set
        {
            _isDeleted = value;
            History?.Close();
        }
    }

    /// <summary>The bindings that start here, as messages see them.</summary>
    internal BindingTable Bindings
    {
        get => _bindings;
        set => _bindings = value;
    }

    /// <summary>The last messages; null if they are not remembered.</summary>
    internal RecentHistory? History { get; init; }

    /// <summary>Null if duplicates are not left out.</summary>
    internal Deduplication? Deduplication { get; init; }

    /// <summary>
    /// Where messages wait that asked to be held back; null if this has never been such an exchange. One that was made
    /// so by a policy keeps it when that goes, for what still waits. Set under the catalog's lock.
    /// </summary>
    internal Queue? DelayQueue
    {
        get => Volatile.Read(ref field);
        set
        {
            Volatile.Write(ref field, value);
            HoldingQueue = HoldsBackBy(Policies) ? value : null;
        }
    }

    /// <summary>Where a message is to wait that asks for it now; null if none is held back.</summary>
    internal Queue? HoldingQueue
    {
        get => Volatile.Read(ref field);
        private set => Volatile.Write(ref field, value);
    }

    /// <summary>Whether messages may ask to be held back, by its type or by what policies say.</summary>
    internal bool HoldsBackBy(AppliedPolicies policies) =>
        Type == ExchangeType.DelayedMessage || policies.Flag(PolicyKeys.DelayedMessage);

    /// <summary>The bindings that start here.</summary>
    public int BindingCount => Bindings.Count;

    /// <summary>Messages that wait for their time to be routed.</summary>
    public long MessagesDelayed => DelayQueue?.Ready ?? 0;

    internal NameTable Names { get; }

    /// <summary>The table of bindings when there are none.</summary>
    internal BindingTable Unbound { get; }

    /// <summary>
    /// The bindings that start here, with changes that are not durable yet. Under the catalog's lock.
    /// </summary>
    internal BindingTable Newest { get; set; }

    /// <summary>The bindings that end here, newest state. Under the catalog's lock.</summary>
    internal BindingSet Inbound { get; set; }

    /// <summary>The policies that count for it, with changes that are not durable yet.</summary>
    internal AppliedPolicies NewestPolicies { get; set; } = AppliedPolicies.None;

    internal string? NewestAlternate => AlternateOf(NewestPolicies);

    private string? AlternateOf(AppliedPolicies policies) =>
        OwnAlternate ?? policies.Text(PolicyKeys.AlternateExchange);

    private static byte[]? Utf8(string? name) => name is null ? null : Encoding.UTF8.GetBytes(name);

    /// <summary>
    /// Messages published to it, and the queues that they went to, one for each; without those that open channels have
    /// not told it of.
    /// </summary>
    internal (long In, long Out) Published => (Interlocked.Read(ref _published), Interlocked.Read(ref _queuesReached));

    /// <summary>Any thread, many messages at a time.</summary>
    internal void CountPublished(long messages, long queues)
    {
        Interlocked.Add(ref _published, messages);
        Interlocked.Add(ref _queuesReached, queues);
    }

    /// <summary>Messages that it left out as duplicates.</summary>
    public long Deduplicated => Interlocked.Read(ref _deduplicated);

    /// <summary>Any thread.</summary>
    internal void CountDeduplicated() => Interlocked.Increment(ref _deduplicated);

    internal void RaiseVersion() => Interlocked.Increment(ref _version);

    public override string ToString() => $"exchange '{Name}' in vhost '{VHost}'";
}
