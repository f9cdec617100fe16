using Levada.Auth;
using Levada.Definitions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/topic-permissions and the lists of one user's and one virtual host's.</summary>
internal sealed class TopicPermissionsEndpoint(Broker broker)
{
    public PermissionLists<TopicPermissionReply> Lists { get; } = new(
        broker, TopicPermissionReply.AllOf, static reply => (reply.User, reply.Vhost),
        ApiJson.Default.TopicPermissionReply);

    /// <summary>One user's in one virtual host: one for each exchange.</summary>
    public Task GetAsync(HttpContext context)
    {
        var (vhost, user) = NamesOf(context);
        return Exists(vhost, user)
            ? Lists.ReplyAsync(context, (ofUser, inVHost) => ofUser == user && inVHost == vhost)
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
}
