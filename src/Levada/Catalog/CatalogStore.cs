using System.Collections.Immutable;
using Levada.Amqp;
using Levada.Auth;
using Levada.Exchanges;
using Levada.Journal;
using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Catalog;

/// <summary>
/// Every definition of the broker: virtual hosts, users and permissions, exchanges, queues, bindings. Reading takes no
/// lock and sees what is durable. A change is checked against the newest state under the lock, recorded, and shown to
/// everybody, in order, once it is durable; then <c>done</c> is called. Transient things with nothing durable ahead of
/// them are shown at once, before the method returns. <c>done</c> may run on another thread and must not block or
/// throw. What a client may not do is thrown from the method itself, and then nothing has changed.
/// </summary>
public sealed partial class CatalogStore : IAsyncDisposable
{
    private const ulong QueueIdBlock = 65_536;

    private readonly Lock _lock = new();
    private readonly CatalogOptions _options;
    private readonly IReadOnlyList<Shard> _shards;
    private readonly ILogger _logger;
    private readonly CatalogLog _log;
    private readonly Commits _commits;

    private volatile ImmutableDictionary<string, VHost> _vhosts =
        ImmutableDictionary.Create<string, VHost>(StringComparer.Ordinal);

    private volatile Accounts _accounts = Accounts.None;

    // The newest state, under the lock; the rest of it is in VHost and Exchange.
    private ImmutableDictionary<string, VHost> _newestVHosts;
    private Accounts _newestAccounts = Accounts.None;
    private ulong _nextQueueId = 1;
    private ulong _leasedQueueIds;

    private long _queuesDeclared;

    /// <param name="options">Where the log is and what a first start makes.</param>
    /// <param name="shards">The shards of this node, by number.</param>
    /// <param name="disk">Where the log is.</param>
    /// <param name="scheduler">Runs what waits for the disk.</param>
    /// <param name="logger">Told about a log that is not as it was left.</param>
    public CatalogStore(
        CatalogOptions options, IReadOnlyList<Shard> shards, IDisk disk, IScheduler scheduler, ILogger logger)
    {
        _options = options;
        _shards = shards;
        _logger = logger;
        _newestVHosts = _vhosts;
        _log = new CatalogLog(disk, options.Folder);
        _commits = new Commits(_lock, Hooks, scheduler, _log, Snapshot);
    }

    internal CatalogOptions Options => _options;

    /// <summary>queue.declare since the start, of queues that were there too; passive ones are none.</summary>
    public long QueuesDeclared => Interlocked.Read(ref _queuesDeclared);

    internal void CountQueueDeclared() => Interlocked.Increment(ref _queuesDeclared);

    /// <summary>To be set before <see cref="Start"/>.</summary>
    public CatalogHooks Hooks { get; } = new();

    /// <summary>Users and permissions at this moment.</summary>
    public Accounts Accounts => _accounts;

    /// <summary>All virtual hosts at this moment, in no order.</summary>
    public IEnumerable<VHost> VHosts => _vhosts.Values;

    public VHost? FindVHost(string name) => _vhosts.GetValueOrDefault(name);

    /// <summary>Declares an exchange, or finds that one like it is there.</summary>
    /// <exception cref="AmqpException">406: one that differs is there.</exception>
    public void DeclareExchange(
        VHost vhost, ExchangeDefinition definition, Action<Exchange> done, string? by = null)
    {
        Make(change =>
        {
            CheckVHost(vhost, MethodId.ExchangeDeclare);
            if (vhost.NewestExchanges.TryGet(Utf8(definition.Name), out var exchange))
            {
                Equivalence.Check(exchange, definition);
            }
            else
            {
                if (definition.Durable)
                    _commits.CheckRoom(MethodId.ExchangeDeclare);
                exchange = AddNew(change, vhost, definition);
            }

            change.Done = () => done(exchange);
        }, by);
    }

    /// <summary>Deletes an exchange and its bindings; nothing if it is gone already.</summary>
    /// <exception cref="AmqpException">406: <paramref name="ifUnused"/>, and bindings start there.</exception>
    public void DeleteExchange(VHost vhost, Exchange exchange, bool ifUnused, Action done, string? by = null)
    {
        Make(change =>
        {
            change.Done = done;
            if (!Topology.IsCurrent(vhost, exchange))
                return;
            if (ifUnused && exchange.Newest.Count > 0)
                throw Errors.ExchangeInUse(exchange.Name, vhost.Name);
            Topology.RemoveExchange(change, vhost, exchange);
        }, by);
    }

    /// <summary>Declares a queue, or finds that one like it is there.</summary>
    /// <exception cref="AmqpException">
    /// 405: exclusive to another; 406: one that differs is there, or too many.
    /// </exception>
    public void DeclareQueue(VHost vhost, QueueDefinition definition, Action<Queue> done, string? by = null)
    {
        Make(change =>
        {
            CheckVHost(vhost, MethodId.QueueDeclare);
            if (vhost.NewestQueues.TryGet(Utf8(definition.Name), out var queue))
            {
                Equivalence.Check(queue, definition);
            }
            else
            {
                CheckQueueLimit(vhost, definition.Name);
                if (definition.Durable && !definition.Exclusive)
                    _commits.CheckRoom(MethodId.QueueDeclare);
                queue = New(change, vhost, definition);
                Topology.AddQueue(change, vhost, queue);
            }

            change.Done = () => done(queue);
        }, by);
    }

    private void CheckQueueLimit(VHost vhost, string name)
    {
        var bound = Bound.QueuesOf(vhost.NewestLimits, _options.QueueMaxPerVHost);
        if (!bound.IsReached(vhost.NewestQueues.Count))
            return;
        _options.QueueRefused();
        throw Errors.QueueLimit(name, vhost.Name, bound, vhost.NewestQueues.Count);
    }

    /// <summary>Takes out a queue and its bindings; nothing if it is gone already.</summary>
    public void DeleteQueue(VHost vhost, Queue queue, Action done, string? by = null) =>
        DeleteQueues(vhost, [queue], done, by);

    /// <summary>The same for several as one change: the exclusive queues of a connection that ends.</summary>
    public void DeleteQueues(VHost vhost, IReadOnlyCollection<Queue> queues, Action done, string? by = null)
    {
        Make(change =>
        {
            change.Done = done;
            foreach (var queue in queues)
            {
                if (Topology.IsCurrent(vhost, queue))
                    Topology.RemoveQueue(change, vhost, queue);
            }
        }, by);
    }

    /// <summary>Adds a binding; nothing if it is there already.</summary>
    /// <exception cref="AmqpException">404: one of its ends is gone.</exception>
    public void Bind(VHost vhost, Binding binding, uint methodId, Action done, string? by = null)
    {
        Make(change =>
        {
            change.Done = done;
            CheckEnds(vhost, binding, methodId);
            if (binding.Source.Newest.Find(binding) is not null)
                return;
            if (binding.Durable)
                _commits.CheckRoom(methodId);
            Topology.AddBinding(change, vhost, binding);
        }, by);
    }

    /// <summary>
    /// Removes the binding that is the same as the one given; nothing if there is none. An auto-delete exchange goes
    /// with the last binding that starts at it.
    /// </summary>
    public void Unbind(VHost vhost, Binding same, Action done, string? by = null)
    {
        Make(change =>
        {
            change.Done = done;
            if (same.Source.Newest.Find(same) is { } binding)
                Topology.RemoveBinding(change, vhost, binding);
        }, by);
    }

    /// <summary>Tries again to write what waits for room on the disk: to be called when there may be some.</summary>
    public void RetryWrites() => _commits.Settle();

    /// <summary>
    /// Returns when every change made so far is durable, or cannot be as the disk is full, and closes the log. Nothing
    /// may be changed then.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _commits.SettledAsync().ConfigureAwait(false);
        _log.Dispose();
    }

    private static byte[] Utf8(string name) => System.Text.Encoding.UTF8.GetBytes(name);

    private Exchange New(VHost vhost, ExchangeDefinition definition) =>
        new(
            vhost.Names, vhost.Name, definition.Name, definition.Type, definition.Arguments,
            _options.DefaultHashAlgorithm)
        {
            Durable = definition.Durable,
            AutoDelete = definition.AutoDelete,
            Internal = definition.Internal,
            OwnAlternate = definition.AlternateExchange,
            Deduplication = Deduplication.From(definition.Arguments),
            History = definition.RoutingType == ExchangeType.RecentHistory
                ? new RecentHistory(definition.Arguments, _options.RecentHistoryBytes)
                : null,
        };

    private Queue NewDelayQueue(Change change, Exchange exchange) => NewDelayQueue(
        exchange, NextQueueId(change), _shards[ShardHash.Of(exchange.VHost, exchange.Name, _shards.Count)]);

    private static Queue NewDelayQueue(Exchange exchange, QueueId id, Shard shard) => new()
    {
        Id = id,
        VHost = exchange.VHost,
        Name = exchange.Name,
        Shard = shard,
        Durable = exchange.Durable,
        Exclusive = false,
        AutoDelete = false,
        IsDelayQueue = true,
        // For nobody: it is no queue to users.
        CountedFor = Array.Empty<Usage>(),
    };

    private static void CheckVHost(VHost vhost, uint methodId)
    {
        if (vhost.IsNewestDeleted)
            throw Errors.VHostGone(vhost.Name, methodId);
    }

    private static void CheckEnds(VHost vhost, Binding binding, uint methodId)
    {
        if (!Topology.IsCurrent(vhost, binding.Source))
            throw Errors.NoExchange(binding.Source.Name, vhost.Name, methodId);
        if (binding.Queue is { } queue && !Topology.IsCurrent(vhost, queue))
            throw Errors.NoQueue(queue.Name, vhost.Name, methodId);
        if (binding.Exchange is { } exchange && !Topology.IsCurrent(vhost, exchange))
            throw Errors.NoExchange(exchange.Name, vhost.Name, methodId);
    }

    private Queue New(Change change, VHost vhost, QueueDefinition definition) => new()
    {
        InitialPolicies = PolicySteps.For(change, vhost, definition.Name, TypeOf(definition)),
        Type = TypeOf(definition),
        Id = NextQueueId(change),
        VHost = vhost.Name,
        Name = definition.Name,
        Shard = _shards[ShardHash.Of(vhost.Name, definition.Name, _shards.Count)],
        Durable = definition.Durable && !definition.Exclusive,
        Exclusive = definition.Exclusive,
        AutoDelete = definition.AutoDelete,
        Arguments = definition.Arguments,
        Owner = definition.Exclusive ? definition.Owner : null,
        CountedFor = (definition.Owner as Connection)?.Usages,
    };

    // An unknown one is refused before a queue is made.
    private static QueueType TypeOf(QueueDefinition definition) => definition.Type ?? QueueType.Classic;

    /// <summary>What a queue is that is declared without a type.</summary>
    internal QueueType DefaultQueueType(VHost vhost) =>
        QueueTypes.Find(vhost.Metadata.DefaultQueueType) ?? _options.DefaultQueueType;

    // Ids are leased in blocks, so that only one transient queue in a block has to wait for the disk.
    private QueueId NextQueueId(Change change)
    {
        if (_nextQueueId >= _leasedQueueIds)
        {
            _leasedQueueIds = _nextQueueId + QueueIdBlock;
            change.Record.QueueIds(_leasedQueueIds);
        }

        return new QueueId(_nextQueueId++);
    }

    private void Make(Action<Change> alter, string? by = null)
    {
        Change change = null!;
        change = new Change
        {
            Events = Hooks.TellsEvents() ? new ChangeEvents(by) : null,
            NewDelayQueue = exchange => NewDelayQueue(change, exchange),
        };
        try
        {
            lock (_lock)
            {
                alter(change);
                _commits.Add(change);
            }
        }
        finally
        {
            _commits.Settle();
        }
    }
}
