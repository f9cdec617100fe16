using Levada.Catalog;
using Levada.Definitions;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/vhosts. Management users see the virtual hosts that they have permissions in.</summary>
internal sealed class VHostsEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context)
    {
        IReadOnlyList<VHostReply> all =
        [
            .. broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name))
                .OrderBy(static vhost => vhost.Name, StringComparer.Ordinal)
                .Select(vhost => VHostReply.Of(vhost, broker.NodeName)),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.VHostReply, static reply => reply.Name);
    }

    public Task GetAsync(HttpContext context) => Find(context) is { } vhost
        ? Reply.OkAsync(context, VHostReply.Of(vhost, broker.NodeName), ApiJson.Default.VHostReply)
        : Reply.NotFoundAsync(context);

    /// <summary>What the body does not mention stays as it is.</summary>
    public async Task PutAsync(HttpContext context)
    {
        if (await RequestBody.ReadAsync(context, VHostDefinition.Read) is not { } wanted)
            return;
        var name = PathName.Of(context);
        await OperatorEndpoint.PutAsync(
            context, broker.Catalog.FindVHost(name) is not null,
            by => broker.Actions.SetVHostAsync(by, name, wanted.Apply));
    }

    public Task DeleteAsync(HttpContext context) => OperatorEndpoint.AnswerAsync(
        context, by => broker.Actions.DeleteVHostAsync(by, PathName.Of(context)),
        refused: StatusCodes.Status412PreconditionFailed);

    public Task ProtectAsync(HttpContext context) => ProtectAsync(context, isProtected: true);

    public Task UnprotectAsync(HttpContext context) => ProtectAsync(context, isProtected: false);

    private Task ProtectAsync(HttpContext context, bool isProtected)
    {
        var name = PathName.Of(context);
        return broker.Catalog.FindVHost(name) is null
            ? Reply.NotFoundAsync(context)
            : OperatorEndpoint.AnswerAsync(
                context,
                by => broker.Actions.SetVHostAsync(by, name, old => old with { IsProtected = isProtected }));
    }

    private VHost? Find(HttpContext context) =>
        broker.Catalog.FindVHost(PathName.Of(context)) is { } vhost && Roles.MaySee(context, broker, vhost.Name)
            ? vhost
            : null;
}
