using Levada.Auth;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

// Virtual hosts, users and permissions.
public sealed partial class CatalogStore
{
    private static readonly ExchangeDefinition[] Predeclared =
    [
        Named("amq.direct", ExchangeType.Direct),
        Named("amq.fanout", ExchangeType.Fanout),
        Named("amq.topic", ExchangeType.Topic),
        Named("amq.headers", ExchangeType.Headers),
        Named("amq.match", ExchangeType.Headers),
        Named("amq.rabbitmq.trace", ExchangeType.Topic) with { Internal = true },
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

    /// <summary>
    /// Deletes a virtual host with all in it and all permissions for it; nothing if it is gone already.
    /// </summary>
    public void DeleteVHost(string name, Action? done = null)
    {
        Make(change =>
        {
            change.Done = done;
            if (!_newestVHosts.TryGetValue(name, out var vhost))
                return;
            change.Record.RemoveVHost(name);
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
            change.Done = () =>
            {
                Hooks.VHostRemoved(vhost);
                done?.Invoke();
            };
        });
    }

    /// <summary>Adds a user, or puts it in the place of the one with its name.</summary>
    public void SetUser(User user, Action? done = null) => ChangeUser(user.Name, _ => user, _ => done?.Invoke());

    /// <summary>Changes a user: its permissions, tags, password.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="alter">From what it is to what it shall be; not called if there is no such user.</param>
    /// <param name="done">Called with whether there is such a user.</param>
    public void UpdateUser(string name, Func<User, User> alter, Action<bool>? done = null) =>
        ChangeUser(name, user => user is null ? null : alter(user), done);

    /// <summary>Sets a user's permissions in a virtual host; null takes them away.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="vhost">Where.</param>
    /// <param name="permissions">What is allowed.</param>
    /// <param name="done">Called with whether there is such a user.</param>
    public void SetPermissions(string user, string vhost, Permissions? permissions, Action<bool>? done = null) =>
        UpdateUser(
            user,
            old => old with
            {
                Permissions = permissions is null
                    ? old.Permissions.Remove(vhost)
                    : old.Permissions.SetItem(vhost, permissions),
            },
            done);

    /// <summary>Deletes a user; nothing if it is gone already.</summary>
    public void DeleteUser(string name, Action? done = null)
    {
        Make(change =>
        {
            change.Done = done;
            if (_newestAccounts.Find(name) is null)
                return;
            change.Record.RemoveUser(name);
            ShowAccounts(change, _newestAccounts.Without(name));
            change.Done = () =>
            {
                Hooks.UserRemoved(name);
                done?.Invoke();
            };
        });
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

    private VHost NewVHost(Change change, string name, VHostLimits limits)
    {
        var vhost = new VHost(name, limits);
        vhost.NewestExchanges = vhost.NewestExchanges.Set([], vhost.DefaultExchange);
        foreach (var definition in Predeclared)
        {
            var exchange = New(vhost, definition);
            vhost.NewestExchanges = vhost.NewestExchanges.Set(exchange.NameUtf8, exchange);
        }

        change.Renamed.Add(vhost);
        _newestVHosts = _newestVHosts.Add(name, vhost);
        var vhosts = _newestVHosts;
        change.Show(() => _vhosts = vhosts);
        return vhost;
    }

    private void ChangeUser(string name, Func<User?, User?> alter, Action<bool>? done)
    {
        Make(change =>
        {
            var user = alter(_newestAccounts.Find(name));
            change.Done = () => done?.Invoke(user is not null);
            if (user is null)
                return;
            _commits.CheckRoom(0);
            change.Record.SetUser(user);
            ShowAccounts(change, _newestAccounts.With(user));
        });
    }

    private void ForgetPermissions(string vhost)
    {
        foreach (var user in _newestAccounts.Users.Values)
        {
            var topics = user.TopicPermissions.RemoveRange(user.TopicPermissions.Keys.Where(key => key.VHost == vhost));
            var permissions = user.Permissions.Remove(vhost);
            if (permissions == user.Permissions && topics == user.TopicPermissions)
                continue;
            var without = user with { Permissions = permissions, TopicPermissions = topics };
            _newestAccounts = _newestAccounts.With(without);
        }
    }

    private void ShowAccounts(Change change, Accounts accounts)
    {
        _newestAccounts = accounts;
        change.Show(() => _accounts = accounts);
    }
}
