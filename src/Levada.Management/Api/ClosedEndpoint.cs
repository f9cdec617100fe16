using Levada.Amqp;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/connections/closed and /api/channels/closed, the last one first. Who is neither administrator nor
/// monitoring sees its own.
/// </summary>
internal static class ClosedEndpoint
{
    public static Task ConnectionsAsync(HttpContext context, Broker broker) =>
        ListAsync(context, broker, broker.Closed.Connections());

    public static Task ChannelsAsync(HttpContext context, Broker broker) =>
        ListAsync(context, broker, broker.Closed.Channels());

    private static Task ListAsync(HttpContext context, Broker broker, IReadOnlyList<ClosedSession> closed)
    {
        var user = context.User.Identity?.Name ?? "";
        var mayMonitor = broker.MayMonitor(user);
        IReadOnlyList<ClosedReply> all = [.. closed.Where(c => mayMonitor || c.User == user).Select(ClosedReply.Of)];
        return ListReply.WriteAsync(context, all, ApiJson.Default.ClosedReply, static reply => reply.Name);
    }
}
