using Levada.Amqp;
using Levada.Auth;

namespace Levada.Operations;

// Users and what they may do. All of it is an administrator's.
public sealed partial class OperatorActions
{
    /// <summary>Adds a user, or changes the one there is; its connections go on by its new rights.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="name">Whom.</param>
    /// <param name="alter">From what it is, null if there is none, to what it shall be.</param>
    public Task<OperatorResult> SetUserAsync(OperatorRequest by, string name, Func<User?, User> alter) => ChangeAsync(
        by, OperatorAction.SetUser, $"user '{name}'",
        done => _broker.Catalog.PutUser(name, alter, () => done(OperatorResult.Done), by.User));

    /// <summary>Deletes users, all or none; their connections are closed.</summary>
    public Task<OperatorResult> DeleteUsersAsync(OperatorRequest by, IReadOnlyCollection<string> names) => ChangeAsync(
        by, OperatorAction.DeleteUser, $"user '{string.Join("', '", names)}'",
        done => _broker.Catalog.DeleteUsers(
            names,
            missing => done(missing is null
                ? OperatorResult.Done
                : new OperatorResult(OperatorOutcome.Gone, $"no_such_user: {missing}")),
            by.User));

    /// <summary>What a user may do in a virtual host; null takes it all away.</summary>
    public Task<OperatorResult> SetPermissionsAsync(
        OperatorRequest by, string user, string vhost, Permissions? permissions) => ChangeAsync(
            by, permissions is null ? OperatorAction.ClearPermissions : OperatorAction.SetPermissions,
            $"user '{user}' in vhost '{vhost}'",
            done => _broker.Catalog.SetPermissions(
                user, vhost, permissions, found => done(Found(found)), by.User));

    /// <summary>Which routing keys a user may use on an exchange.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="user">Whose.</param>
    /// <param name="vhost">Where.</param>
    /// <param name="exchange">On what; null, to take all away: on every one.</param>
    /// <param name="permissions">Null takes them away.</param>
    public Task<OperatorResult> SetTopicPermissionsAsync(
        OperatorRequest by, string user, string vhost, string? exchange, TopicPermissions? permissions) => ChangeAsync(
            by, permissions is null ? OperatorAction.ClearTopicPermissions : OperatorAction.SetTopicPermissions,
            $"user '{user}' on {(exchange is null ? "every exchange" : $"exchange '{exchange}'")} in vhost '{vhost}'",
            done => _broker.Catalog.SetTopicPermissions(
                user, vhost, exchange, permissions, found => done(Found(found)), by.User));

    /// <summary>Counts logins anew: whoever sees what is others' may, as in RabbitMQ.</summary>
    public Task<OperatorResult> ResetLoginCountsAsync(OperatorRequest by) => RunAsync(
        by, OperatorAction.ResetLoginCounts, "logins", _broker.MayMonitor(by.User), () =>
        {
            _broker.Logins.Reset();
            return Task.FromResult(OperatorResult.Done);
        });

    private static OperatorResult Found(bool isFound) => isFound ? OperatorResult.Done : OperatorResult.Gone;

    // A change of the definitions, by an administrator: answered when it is durable and seen by everybody.
    private Task<OperatorResult> ChangeAsync(
        OperatorRequest by, OperatorAction action, string target, Action<Action<OperatorResult>> change) =>
        RunAsync(by, action, target, isAllowed: true, () => _broker.MayAdminister(by.User)
            ? CompletedAsync(change)
            : Task.FromResult(new OperatorResult(OperatorOutcome.Denied, "Not administrator user")));

    private static Task<OperatorResult> CompletedAsync(Action<Action<OperatorResult>> change)
    {
        var completion = new TaskCompletionSource<OperatorResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        change(completion.SetResult);
        return completion.Task;
    }
}
