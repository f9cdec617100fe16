using Levada.Auth;
using Levada.Exchanges;
using Levada.Policies;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

// Users and permissions.
public sealed partial class CatalogStore
{
    /// <summary>Adds a user, or puts it in the place of the one with its name.</summary>
    public void SetUser(User user, Action? done = null) => ChangeUser(user.Name, _ => user, _ => done?.Invoke());

    /// <summary>Adds a user, or changes the one there is.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="alter">From what it is, null if there is none, to what it shall be.</param>
    /// <param name="done">Called when it is so.</param>
    /// <param name="by">Who asked for it.</param>
    /// <exception cref="RefusedDefinitionException">Operators on the control socket have such names.</exception>
    public void PutUser(string name, Func<User?, User> alter, Action? done = null, string? by = null)
    {
        if (LocalOperator.IsName(name))
            throw new RefusedDefinitionException(LocalOperator.Refusal);
        ChangeUser(name, alter, _ => done?.Invoke(), by);
    }

    /// <summary>Changes a user: its permissions, tags, password.</summary>
    /// <param name="name">Whom.</param>
    /// <param name="alter">From what it is to what it shall be; not called if there is no such user.</param>
    /// <param name="done">Called with whether there is such a user.</param>
    /// <param name="by">Who asked for it.</param>
    public void UpdateUser(string name, Func<User, User> alter, Action<bool>? done = null, string? by = null) =>
        ChangeUser(name, user => user is null ? null : alter(user), done, by);

    /// <summary>Sets a user's permissions in a virtual host; null takes them away.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="vhost">Where.</param>
    /// <param name="permissions">What is allowed.</param>
    /// <param name="done">Called with whether there are such a user and virtual host, and something to take.</param>
    /// <param name="by">Who asked for it.</param>
    public void SetPermissions(
        string user, string vhost, Permissions? permissions, Action<bool>? done = null, string? by = null) =>
        ChangeUser(
            user,
            old => old is null || !_newestVHosts.ContainsKey(vhost)
                || (permissions is null && !old.Permissions.ContainsKey(vhost))
                    ? null
                    : old.With(vhost, permissions),
            done,
            by);

    /// <summary>Sets a user's topic permissions on an exchange, there or not; null takes them away.</summary>
    /// <param name="user">Whose.</param>
    /// <param name="vhost">Where.</param>
    /// <param name="exchange">On what; null, to take all away: on every one.</param>
    /// <param name="permissions">What is allowed.</param>
    /// <param name="done">Called with whether there are such a user and virtual host, and something to take.</param>
    /// <param name="by">Who asked for it.</param>
    public void SetTopicPermissions(
        string user, string vhost, string? exchange, TopicPermissions? permissions, Action<bool>? done = null,
        string? by = null) =>
        ChangeUser(
            user,
            old =>
            {
                if (old is null || !_newestVHosts.ContainsKey(vhost))
                    return null;
                var changed = old.With(vhost, exchange, permissions);
                return permissions is null && changed.TopicPermissions == old.TopicPermissions ? null : changed;
            },
            done,
            by);

    /// <summary>Deletes a user; nothing if it is gone already.</summary>
    public void DeleteUser(string name, Action? done = null) => DeleteUsers([name], _ => done?.Invoke());

    /// <summary>The same for several as one change; nothing if one of them is not there.</summary>
    /// <param name="names">Whom.</param>
    /// <param name="done">Called with the first that is not there, null if all were.</param>
    /// <param name="by">Who asked for it.</param>
    public void DeleteUsers(IReadOnlyCollection<string> names, Action<string?>? done = null, string? by = null)
    {
        Make(change =>
        {
            var missing = names.FirstOrDefault(name => _newestAccounts.Find(name) is null);
            change.Done = () => done?.Invoke(missing);
            if (missing is not null)
                return;
            foreach (var name in names)
            {
                change.Record.RemoveUser(name);
                change.Events?.Changed(_newestAccounts.Find(name), null);
                ShowAccounts(change, _newestAccounts.Without(name));
                change.Follow(() => Hooks.UserRemoved(name));
            }
        }, by);
    }

    private void ChangeUser(string name, Func<User?, User?> alter, Action<bool>? done, string? by = null)
    {
        Make(change =>
        {
            var user = alter(_newestAccounts.Find(name));
            change.Done = () => done?.Invoke(user is not null);
            if (user is null)
                return;
            _commits.CheckRoom(0);
            Put(change, user);
        }, by);
    }

    private void Put(Change change, User user)
    {
        var old = _newestAccounts.Find(user.Name);
        change.Record.SetUser(user);
        change.Events?.Changed(old, user);
        ShowAccounts(change, _newestAccounts.With(user));
        if (old is not null && old.Permissions != user.Permissions)
            change.Follow(() => Hooks.RightsChanged(user.Name));
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
