using Levada.Auth;

namespace Levada.Catalog;

// What there is without anybody having asked for it: in an empty data folder, and in each new virtual host.
public sealed partial class CatalogStore
{
    private void MakeDefaults()
    {
        var user = new User(_options.DefaultUser)
        {
            Password = _options.DefaultPasswordHash ?? PasswordHash.Create(_options.DefaultPassword),
            Tags = [.. _options.DefaultUserTags],
        };
        lock (_lock)
        {
            var change = new Change { IsReplay = true, Record = RecordWriter.Nowhere };
            var accounts = _newestAccounts;
            foreach (var other in _options.DefaultUsers)
                accounts = accounts.With(other.Made());
            ShowAccounts(change, accounts.With(user.With(_options.DefaultVHost, _options.DefaultPermissions)));
            PutVHost(
                change, _options.DefaultVHost, static _ => new VHostMetadata { Description = "Default virtual host" });
            change.Seal();
            change.Publish(Hooks);
        }
    }

    // Of limits the first that match, of policies and permissions all.
    private void GiveDefaults(Change change, VHost vhost)
    {
        if (_options.NewVHostLimits.FirstOrDefault(some => some.VHosts.Matches(vhost.Name)) is { } limits)
            ParameterSteps.SetLimits(change, vhost, new VHostLimits(limits.MaxQueues, limits.MaxConnections));
        foreach (var policy in _options.NewVHostPolicies.Where(policy => policy.VHosts.Matches(vhost.Name)))
            PolicySteps.Set(change, vhost, policy.For(vhost.Name));
        foreach (var user in _options.DefaultUsers.Where(user => user.VHosts.Matches(vhost.Name)))
        {
            if (_newestAccounts.Find(user.Name) is { } known)
                Put(change, known.With(vhost.Name, user.Permissions));
        }
    }
}
