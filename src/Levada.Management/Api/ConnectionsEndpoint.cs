using Levada.Amqp;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/connections and /api/connections/NAME, live. Who is neither administrator nor monitoring sees its own.
/// </summary>
internal sealed class ConnectionsEndpoint(Broker broker)
{
    private readonly ListKind<ConnectionFigures> _kind = ConnectionList.Kind(broker.NodeName);

    public Task ListAsync(HttpContext context) => ListAsync(context, Visible(broker, context));

    /// <summary>Those in one virtual host.</summary>
    public Task OfVHostAsync(HttpContext context) =>
        ListAsync(context, VisibleIn(broker, context, PathName.Of(context)));

    /// <summary>Those of one user.</summary>
    public Task OfUserAsync(HttpContext context)
    {
        var user = PathName.Of(context);
        return ListAsync(context, Visible(broker, context).Where(c => c.UserName == user));
    }

    private Task ListAsync(HttpContext context, IEnumerable<Connection> connections) =>
        ListReply.WriteAsync(context, _kind, look =>
        {
            foreach (var connection in connections)
                connection.Visit(look);
        });

    /// <summary>With samples, if they are asked for.</summary>
    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        if (Find(broker, context) is not { } found)
            return NotFoundAsync(broker, context);
        var now = found.TakeSnapshot();
        var sample = ClientSample.Of(now);
        var details = Figures.Clients.Watched(
            broker, context.Request.Query, found, SampledObjects.Taking(found), sample,
            sample with { Counters = now.Before }, now.RatesOver);
        return Reply.OkAsync(
            context, ConnectionReply.Of(now, broker.NodeName, details), ApiJson.Default.ConnectionReply);
    });

    /// <summary>Open connections that the asking user may see.</summary>
    public static IEnumerable<Connection> Visible(Broker broker, HttpContext context)
    {
        var user = context.User.Identity?.Name ?? "";
        var all = broker.Connections.All.Where(static c => c.VHost is not null);
        return broker.MayMonitor(user) ? all : all.Where(c => c.UserName == user);
    }

    /// <summary>Those of them in a virtual host.</summary>
    public static IEnumerable<Connection> VisibleIn(Broker broker, HttpContext context, string vhost) =>
        Visible(broker, context).Where(c => c.VHost!.Name == vhost);

    /// <summary>There is none that the path names, or it or the one of its channel is another user's.</summary>
    public static Task NotFoundAsync(Broker broker, HttpContext context)
    {
        var name = PathName.Of(context);
        if (ChannelName.TryParse(name, out var connection, out _))
            name = connection;
        return broker.Connections.All.Any(c => c.VHost is not null && c.Name == name)
            && !Visible(broker, context).Any(c => c.Name == name)
                ? Roles.RefuseAsync(context, "User not authorised to access object")
                : Reply.NotFoundAsync(context);
    }

    /// <summary>The one that the path names.</summary>
    public static Connection? Find(Broker broker, HttpContext context)
    {
        var name = PathName.Of(context);
        return Visible(broker, context).FirstOrDefault(c => c.Name == name);
    }
}
