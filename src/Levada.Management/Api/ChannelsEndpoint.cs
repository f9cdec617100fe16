using Levada.Amqp;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>GET /api/channels, /api/channels/NAME and /api/connections/NAME/channels, live.</summary>
internal sealed class ChannelsEndpoint(Broker broker)
{
    private readonly ListKind<ChannelFigures> _kind = ChannelList.Kind(broker.NodeName);

    public Task ListAsync(HttpContext context) =>
        ListAsync(context, ConnectionsEndpoint.Visible(broker, context));

    /// <summary>Those in one virtual host.</summary>
    public Task OfVHostAsync(HttpContext context) =>
        ListAsync(context, ConnectionsEndpoint.VisibleIn(broker, context, PathName.Of(context)));

    public Task OfConnectionAsync(HttpContext context) => ConnectionsEndpoint.Find(broker, context) is { } found
        ? ListAsync(context, [found])
        : ConnectionsEndpoint.NotFoundAsync(broker, context);

    /// <summary>With its consumers and, if they are asked for, samples.</summary>
    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        if (Find(broker, context) is not (var connection, var number)
            || connection.TakeChannelSnapshot(number) is not { } now)
        {
            return ConnectionsEndpoint.NotFoundAsync(broker, context);
        }
        var sample = ClientSample.Of(now);
        var details = Figures.Clients.Watched(
            broker, context.Request.Query, (connection, number), SampledObjects.Taking(connection, number), sample,
            sample with { Counters = now.Before }, now.RatesOver);
        var reply = ChannelReply.Of(now, broker.NodeName, withConsumers: true, details);
        return Reply.OkAsync(context, PairLists.AddTo(reply, connection, number), ApiJson.Default.ChannelReply);
    });

    /// <summary>Where the channel that the path names is, if it is open.</summary>
    public static (Connection Connection, ushort Number)? Find(Broker broker, HttpContext context)
    {
        if (!ChannelName.TryParse(PathName.Of(context), out var name, out var number))
            return null;
        var connection = ConnectionsEndpoint.Visible(broker, context).FirstOrDefault(c => c.Name == name);
        return connection is null ? null : (connection, number);
    }

    private Task ListAsync(HttpContext context, IEnumerable<Connection> connections) =>
        ListReply.WriteAsync(context, _kind, look =>
        {
            foreach (var connection in connections)
                connection.VisitChannels(look);
        });
}
