using Levada.Amqp;
using Levada.Auth;
using Levada.Definitions;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/permissions and the lists of one user's and one virtual host's.</summary>
internal sealed class PermissionsEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context) => ReplyAsync(context, static _ => true);

    public Task OfUserAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.Accounts.Find(name) is null
            ? Reply.NotFoundAsync(context)
            : ReplyAsync(context, p => p.User == name);
    }

    public Task OfVHostAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        return broker.Catalog.FindVHost(name) is null
            ? Reply.NotFoundAsync(context)
            : ReplyAsync(context, p => p.Vhost == name);
    }

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

    private Task ReplyAsync(HttpContext context, Func<PermissionReply, bool> wanted)
    {
        IReadOnlyList<PermissionReply> all =
        [
            .. broker.Catalog.Accounts.Users.Values
                .SelectMany(static user => user.Permissions.Select(
                    entry => PermissionReply.Of(user, entry.Key, entry.Value)))
                .Where(wanted)
                .OrderBy(static p => p.User, StringComparer.Ordinal)
                .ThenBy(static p => p.Vhost, StringComparer.Ordinal),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.PermissionReply, static reply => reply.User);
    }
}
