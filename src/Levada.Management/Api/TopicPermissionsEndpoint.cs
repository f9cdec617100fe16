using Levada.Auth;
using Levada.Definitions;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/topic-permissions and the lists of one user's and one virtual host's.</summary>
internal sealed class TopicPermissionsEndpoint(Broker broker)
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

    /// <summary>One user's in one virtual host: one for each exchange.</summary>
    public Task GetAsync(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        return Exists(vhost, user)
            ? ReplyAsync(context, p => p.User == user && p.Vhost == vhost)
            : Reply.NotFoundAsync(context);
    }

    public async Task PutAsync(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        var exchange = "";
        if (await RequestBody.ReadAsync(context, Read) is not { } permissions)
            return;
        await OperatorEndpoint.PutAsync(
            context, Exists(vhost, user),
            async by => PermissionsEndpoint.OfUserOrVHost(
                await broker.Actions.SetTopicPermissionsAsync(by, user, vhost, exchange, permissions)));

        TopicPermissions Read(DefinitionObject body)
        {
            exchange = body.Text("exchange");
            return new TopicPermissions(user, vhost, body.Text("write"), body.Text("read"));
        }
    }

    /// <summary>All that the user has in the virtual host, or ?exchange=NAME alone.</summary>
    public Task DeleteAsync(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        var exchange = (string?)context.Request.Query["exchange"];
        return OperatorEndpoint.AnswerAsync(
            context, by => broker.Actions.SetTopicPermissionsAsync(by, user, vhost, exchange, permissions: null));
    }

    private static (string VHost, string User) NamesOf(HttpContext context) =>
        (PathName.Of(context, "vhost"), PathName.Of(context, "user"));

    private bool Exists(string vhost, string user) =>
        broker.Catalog.Accounts.Find(user) is { } found
        && found.TopicPermissions.Keys.Any(key => key.VHost == vhost);

    private Task ReplyAsync(HttpContext context, Func<TopicPermissionReply, bool> wanted)
    {
        IReadOnlyList<TopicPermissionReply> all =
        [
            .. broker.Catalog.Accounts.Users.Values.OrderBy(static user => user.Name, StringComparer.Ordinal)
                .SelectMany(TopicPermissionReply.AllOf).Where(wanted),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.TopicPermissionReply, static reply => reply.User);
    }
}
