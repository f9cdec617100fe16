using Levada.Auth;

namespace Levada.Catalog;

// Users and permissions.
internal sealed partial class ImportPlan
{
    private void PlanUsers(Accounts accounts)
    {
        foreach (var (name, definition) in _document.Users)
        {
            if (name.Length == 0)
                _faults.Add("a user has a name");
            if (LocalOperator.IsName(name))
                _faults.Add($"user '{name}': {LocalOperator.Refusal}");
            var now = Find(accounts, name);
            var user = definition.Apply(now ?? new User(name));
            Add("user", null, name, now is null ? null : IsSame(now, user));
            Users[name] = user;
        }

        foreach (var (name, vhost, permissions) in _document.Permissions)
        {
            if (FindUser(accounts, name, vhost, "permission") is not { } user)
                continue;
            var now = user.Permissions.GetValueOrDefault(vhost);
            Add("permission", vhost, name, now is null ? null : IsSame(now, permissions));
            Users[name] = user.With(vhost, permissions);
        }

        foreach (var (name, vhost, exchange, permissions) in _document.TopicPermissions)
        {
            if (FindUser(accounts, name, vhost, "topic permission") is not { } user)
                continue;
            var now = user.TopicPermissions.GetValueOrDefault((vhost, exchange));
            Add(
                "topic_permission", vhost, $"{name}/{exchange}",
                now is null ? null : (now.Write, now.Read) == (permissions.Write, permissions.Read));
            Users[name] = user.With(vhost, exchange, permissions);
        }
    }

    private User? Find(Accounts accounts, string name) => Users.GetValueOrDefault(name) ?? accounts.Find(name);

    private User? FindUser(Accounts accounts, string name, string vhost, string what)
    {
        FindVHost(vhost, $"{what} of user '{name}'");
        var user = Find(accounts, name);
        if (user is null)
            _faults.Add($"{what} in vhost '{vhost}': there is no user '{name}', and the definitions bring none");
        return user;
    }

    private static bool IsSame(User a, User b) =>
        a.Password?.Text == b.Password?.Text && a.Password?.Algorithm == b.Password?.Algorithm
        && a.Tags.SequenceEqual(b.Tags) && a.MaxConnections == b.MaxConnections && a.MaxChannels == b.MaxChannels;

    private static bool IsSame(Permissions a, Permissions b) =>
        a.Configure.Pattern == b.Configure.Pattern && a.Write.Pattern == b.Write.Pattern
        && a.Read.Pattern == b.Read.Pattern;
}
