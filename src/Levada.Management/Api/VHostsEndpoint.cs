using Levada.Amqp;
using Levada.Catalog;
using Levada.Definitions;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/vhosts. Management users see the virtual hosts that they have permissions in.</summary>
internal sealed class VHostsEndpoint(Broker broker, SampledObjects sampled)
{
    // Of all virtual hosts.
    private static readonly RatesOf<VHost, VHostSample> Rates = new(new VHostSample(new MessageCounters(), 0, 0));

    /// <summary>With samples, if they are asked for.</summary>
    public Task ListAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        var totals = broker.Connections.TotalsByVHost();
        var all = broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name))
            .OrderBy(static vhost => vhost.Name, StringComparer.Ordinal)
            .Select(vhost => ReplyOf(context, vhost, totals));
        return ListReply.WriteAsync(context, all, ApiJson.Default.VHostReply, static reply => reply.Name);
    });

    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () => Find(context) is { } vhost
        ? Reply.OkAsync(
            context, ReplyOf(context, vhost, broker.Connections.TotalsByVHost()), ApiJson.Default.VHostReply)
        : Reply.NotFoundAsync(context));

    /// <summary>What the body does not mention stays as it is.</summary>
    public async Task PutAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        if (await RequestBody.ReadAsync(context, ReadOf) is not { } wanted)
            return;
        await OperatorEndpoint.PutAsync(
            context, broker.Catalog.FindVHost(name) is not null,
            by => broker.Actions.SetVHostAsync(by, name, wanted.Apply));

        VHostDefinition ReadOf(DefinitionObject body)
        {
            PathName.ForClients(name);
            return VHostDefinition.Read(body);
        }
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

    private VHostReply ReplyOf(
        HttpContext context, VHost vhost, IReadOnlyDictionary<VHost, MessageCounters> totals)
    {
        var now = VHostSample.Of(vhost, totals);
        var (before, over) = Rates.Look(vhost, now);
        var details = Figures.VHosts.Watched(
            broker, context.Request.Query, vhost, sampled.Taking(vhost), now, before, over);
        return VHostReply.Of(vhost, broker.NodeName, now, details);
    }

    private VHost? Find(HttpContext context) =>
        broker.Catalog.FindVHost(PathName.Of(context)) is { } vhost && Roles.MaySee(context, broker, vhost.Name)
            ? vhost
            : null;
}
