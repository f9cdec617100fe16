using Levada.Catalog;
using Levada.Definitions;
using Levada.Exchanges;
using Levada.Management.Lists;
using Levada.Protocol;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/exchanges. Who may see a virtual host sees its exchanges; changes are made by the rights of the asking user, as
/// if it had connected.
/// </summary>
internal sealed class ExchangesEndpoint(Broker broker, SampledObjects sampled)
{
    private const string DefaultExchangeName = "amq.default";

    private readonly PairLists _pairs = new(broker);

    public Task ListAsync(HttpContext context) =>
        ListAsync(context, broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name)));

    public Task OfVHostAsync(HttpContext context) => ListAsync(context, [VHostOf(broker, context)!]);

    /// <summary>With samples, if they are asked for.</summary>
    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        if (Find(context) is not { } found)
            return Reply.NotFoundAsync(context);
        var counts = broker.Connections.CountExchanges();
        var now = ExchangeSample.Of(found, counts);
        var (before, over) = ExchangeList.Rates.Look(found, now);
        var details = Figures.Exchanges.Watched(
            broker, context.Request.Query, found, sampled.Taking(found), now, before, over);
        var reply = _pairs.AddTo(ExchangeReply.Of(found, now, details), found);
        return Reply.OkAsync(context, reply, ApiJson.Default.ExchangeReply);
    });

    public async Task PutAsync(HttpContext context)
    {
        var name = NameOf(context);
        if (await RequestBody.ReadAsync(context, body => ExchangeEntry.Read(body, PathName.ForClients(name)))
            is not { } wanted)
        {
            return;
        }
        await OperatorEndpoint.PutAsync(
            context, Find(context) is not null,
            by => broker.Actions.DeclareExchangeAsync(by, VHostOf(broker, context)!, wanted.ToMethod()));
    }

    /// <summary>?if-unused=true refuses it if bindings start there.</summary>
    public Task DeleteAsync(HttpContext context) => Find(context) is null
        ? Reply.NotFoundAsync(context)
        : OperatorEndpoint.AnswerAsync(
            context,
            by => broker.Actions.DeleteExchangeAsync(
                by, VHostOf(broker, context)!,
                new ExchangeDelete(NameOf(context), context.Request.Query["if-unused"] == "true")));

    /// <summary>The virtual host that the path names.</summary>
    public static VHost? VHostOf(Broker broker, HttpContext context) =>
        broker.Catalog.FindVHost(PathName.Of(context, "vhost"));

    /// <summary>The exchange that the path names.</summary>
    public static Exchange? Find(Broker broker, HttpContext context, string part = "name") =>
        VHostOf(broker, context)?.FindExchange(System.Text.Encoding.UTF8.GetBytes(NameOf(context, part)));

    /// <summary>Its name in the path, where the default exchange is amq.default.</summary>
    public static string NameOf(HttpContext context, string part = "name") =>
        PathName.Of(context, part) is var name && name == DefaultExchangeName ? "" : name;

    private Exchange? Find(HttpContext context) => Find(broker, context);

    private Task ListAsync(HttpContext context, IEnumerable<VHost> vhosts) =>
        ListReply.WriteAsync(context, ExchangeList.Kind(broker), vhosts.SelectMany(static vhost => vhost.Exchanges()));
}
