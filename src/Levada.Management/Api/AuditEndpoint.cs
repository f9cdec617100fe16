using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// GET /api/audit: what operators asked for, the last one first. Who is neither administrator nor monitoring sees its
/// own.
/// </summary>
internal static class AuditEndpoint
{
    public static Task ListAsync(HttpContext context, Broker broker)
    {
        var user = context.User.Identity?.Name ?? "";
        var mayMonitor = broker.MayMonitor(user);
        IReadOnlyList<AuditReply> all =
        [
            .. broker.Actions.Audit.Entries.Where(e => mayMonitor || e.User == user).Select(AuditReply.Of),
        ];
        return ListReply.WriteAsync(context, all, ApiJson.Default.AuditReply, static reply => reply.Target);
    }
}
