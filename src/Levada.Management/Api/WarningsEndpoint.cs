using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/warnings: those that stand, the oldest first. Who is neither administrator nor monitoring sees its own.
/// </summary>
internal static class WarningsEndpoint
{
    public static Task GetAsync(HttpContext context, Broker broker)
    {
        var user = context.User.Identity?.Name ?? "";
        var mayMonitor = broker.MayMonitor(user);
        IReadOnlyList<WarningReply> all =
            [.. broker.Warnings.Current.Where(w => mayMonitor || w.User == user).Select(WarningReply.Of)];
        return ListReply.WriteAsync(context, all, ApiJson.Default.WarningReply, static reply => reply.Name);
    }
}
