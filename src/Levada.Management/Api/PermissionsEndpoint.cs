using Levada.Amqp;
using Levada.Auth;
using Levada.Definitions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/permissions and the lists of one user's and one virtual host's.</summary>
internal sealed class PermissionsEndpoint(Broker broker)
{
    public PermissionLists<PermissionReply> Lists { get; } = new(
        broker,
        static user => user.Permissions.OrderBy(static entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => PermissionReply.Of(user, entry.Key, entry.Value)),
        static reply => (reply.User, reply.Vhost), ApiJson.Default.PermissionReply);

    public Task GetAsync(HttpContext context) => Find(context) is { } found
        ? Reply.OkAsync(context, found, ApiJson.Default.PermissionReply)
        : Reply.NotFoundAsync(context);

    public async Task PutAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, Read) is not { } permissions)
            return;
        var (vhost, user) = NamesOf(context);
        await OperatorEndpoint.PutAsync(
            context, Find(context) is not null,
            async by => OfUserOrVHost(await broker.Actions.SetPermissionsAsync(by, user, vhost, permissions)));
    }

    public Task DeleteAsync(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        return OperatorEndpoint.AnswerAsync(
            context, by => broker.Actions.SetPermissionsAsync(by, user, vhost, permissions: null));
    }

    /// <summary>What is not there is not what the path names, but an end of it.</summary>
    public static OperatorResult OfUserOrVHost(OperatorResult result) => result.Outcome == OperatorOutcome.Gone
        ? new OperatorResult(OperatorOutcome.Invalid, "vhost_or_user_not_found")
        : result;

    private static Permissions Read(DefinitionObject body) =>
        new(body.Text("configure"), body.Text("write"), body.Text("read"));

    private static (string VHost, string User) NamesOf(HttpContext context) =>
        (PathName.Of(context, "vhost"), PathName.Of(context, "user"));

    private PermissionReply? Find(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        return broker.Catalog.Accounts.Find(user) is { } found
            && found.Permissions.TryGetValue(vhost, out var permissions)
                ? PermissionReply.Of(found, vhost, permissions)
                : null;
    }
}
