using Levada.Amqp;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

// Virtual hosts.
public sealed partial class CatalogStore
{
    private static readonly ExchangeDefinition[] Predeclared =
    [
        Named("amq.direct", ExchangeType.Direct),
        Named("amq.fanout", ExchangeType.Fanout),
        Named("amq.topic", ExchangeType.Topic),
        Named("amq.headers", ExchangeType.Headers),
        Named("amq.match", ExchangeType.Headers),
        Named(Events.Firehose.ExchangeName, ExchangeType.Topic) with { Internal = true },
    ];

    /// <summary>
    /// Adds a virtual host with the exchanges that every one has; sets the limits of one that is there.
    /// </summary>
    public void AddVHost(string name, VHostLimits limits, Action<VHost>? done = null)
    {
        Make(change =>
        {
            _commits.CheckRoom(0);
            if (_newestVHosts.TryGetValue(name, out var vhost))
                vhost.NewestLimits = limits;
            else
                vhost = NewVHost(change, name, limits);
            change.Record.SetVHost(name, limits);
            change.Show(() => vhost.Limits = limits);
            change.Done = () => done?.Invoke(vhost);
        });
    }

    /// <summary>Adds a virtual host, or changes what is said of the one there is.</summary>
    /// <param name="name">Which.</param>
    /// <param name="alter">From what is said of it, of a new one nothing, to what shall be.</param>
    /// <param name="owner">Who asked for it, and gets all permissions in a new one; null: nobody does.</param>
    /// <param name="done">Called when it is so.</param>
    public void PutVHost(
        string name, Func<VHostMetadata, VHostMetadata> alter, string? owner = null, Action<VHost>? done = null)
    {
        Make(change =>
        {
            _commits.CheckRoom(0);
            var isNew = !_newestVHosts.ContainsKey(name);
            var vhost = PutVHost(change, name, alter);
            if (isNew && owner is not null && _newestAccounts.Find(owner) is { } user)
                Put(change, user.With(name, Auth.Permissions.All));
            change.Done = () => done?.Invoke(vhost);
        }, owner);
    }

    /// <summary>
    /// Deletes a virtual host with all in it and all permissions for it; nothing if it is gone already. Its connections
    /// are closed.
    /// </summary>
    /// <param name="name">Which.</param>
    /// <param name="done">Called with whether it was there.</param>
    /// <param name="by">Who asked for it.</param>
    /// <exception cref="AmqpException">406: it is protected from deletion.</exception>
    public void DeleteVHost(string name, Action<bool>? done = null, string? by = null)
    {
        Make(change =>
        {
            var isThere = _newestVHosts.TryGetValue(name, out var vhost);
            change.Done = () => done?.Invoke(isThere);
            if (vhost is null)
                return;
            if (vhost.NewestMetadata.IsProtected)
                throw Errors.VHostProtected(name);
            change.Record.RemoveVHost(name);
            change.Events?.Deleted(vhost);
            Empty(change, vhost);
            vhost.IsNewestDeleted = true;
            _newestVHosts = _newestVHosts.Remove(name);
            ForgetPermissions(name);
            var (vhosts, accounts) = (_newestVHosts, _newestAccounts);
            change.Show(() =>
            {
                (_vhosts, _accounts) = (vhosts, accounts);
                vhost.IsDeleted = true;
            });
            change.Follow(() => Hooks.VHostRemoved(vhost));
        }, by);
    }

    private static ExchangeDefinition Named(string name, ExchangeType type) =>
        new(name, type, Durable: true, AutoDelete: false, Internal: false, FieldTable.Empty);

    private static void Empty(Change change, VHost vhost)
    {
        change.RemovedQueues.AddRange(vhost.NewestQueues.Values());
        var exchanges = vhost.NewestExchanges.Values();
        change.Raise([.. exchanges]);
        foreach (var exchange in exchanges)
        {
            exchange.Newest = exchange.Unbound;
            exchange.Inbound = default;
            change.Rebound(exchange);
            change.Show(() => exchange.IsDeleted = true);
            if (exchange.DelayQueue is { } queue)
                change.RemovedQueues.Add(queue);
        }

        vhost.NewestQueues = ByteMap<Queue>.Empty;
        vhost.NewestExchanges = ByteMap<Exchange>.Empty;
        vhost.BindingsOfQueue.Clear();
        vhost.AlternateOf.Clear();
        change.Renamed.Add(vhost);
    }

    private VHost PutVHost(Change change, string name, Func<VHostMetadata, VHostMetadata> alter)
    {
        if (!_newestVHosts.TryGetValue(name, out var vhost))
        {
            vhost = NewVHost(change, name, VHostLimits.None);
            change.Record.SetVHost(name, VHostLimits.None);
            GiveDefaults(change, vhost);
        }

        var metadata = alter(vhost.NewestMetadata);
        if (metadata == vhost.NewestMetadata)
            return vhost;
        vhost.NewestMetadata = metadata;
        change.Record.SetVHostMetadata(name, metadata);
        change.Show(() => vhost.Metadata = metadata);
        return vhost;
    }

    private VHost NewVHost(Change change, string name, VHostLimits limits)
    {
        var vhost = new VHost(name, limits);
        vhost.NewestExchanges = vhost.NewestExchanges.Set([], vhost.DefaultExchange);
        foreach (var definition in Predeclared)
        {
            var exchange = New(vhost, definition);
            vhost.NewestExchanges = vhost.NewestExchanges.Set(exchange.NameUtf8, exchange);
        }

        change.Events?.Created(vhost);
        change.Renamed.Add(vhost);
        _newestVHosts = _newestVHosts.Add(name, vhost);
        var vhosts = _newestVHosts;
        change.Show(() => _vhosts = vhosts);
        return vhost;
    }
}
