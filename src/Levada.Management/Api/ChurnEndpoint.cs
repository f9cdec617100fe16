using Levada.Amqp;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/churn: who opens and closes how much. Who is neither administrator nor monitoring sees its own user.
/// </summary>
internal static class ChurnEndpoint
{
    public static Task GetAsync(HttpContext context, Broker broker)
    {
        var user = context.User.Identity?.Name ?? "";
        var mayMonitor = broker.MayMonitor(user);
        IReadOnlyList<ChurnReply> all =
        [
            .. broker.Connections.TakeUsage()
                .Where(u => mayMonitor || (u.Kind == UsageKind.User && u.Name == user))
                .Select(ChurnReply.Of),
        ];
        return ListReply.WriteAsync(
            context, all, ApiJson.Default.ChurnReply, static reply => $"{reply.Kind} {reply.Name}");
    }
}
