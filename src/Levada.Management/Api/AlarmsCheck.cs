using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>GET /api/health/checks/alarms: 200 if publishing is not blocked, else 503 and why.</summary>
internal static class AlarmsCheck
{
    public static Task GetAsync(HttpContext context, Broker broker)
    {
        var alarms = broker.GetOverview().Alarms;
        if (alarms.Count == 0)
            return Reply.OkAsync(context, new AlarmsReply("ok", null, null), ApiJson.Default.AlarmsReply);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        var reply = new AlarmsReply(
            "failed", "There are alarms in effect in the cluster",
            [.. alarms.Select(a => new AlarmReply(broker.NodeName, a.Resource, a.Reason))]);
        return Reply.OkAsync(context, reply, ApiJson.Default.AlarmsReply);
    }
}
