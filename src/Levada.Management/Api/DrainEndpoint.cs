using System.Globalization;
using Levada.Operations;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>Taking the node out of service and back, and how far it is.</summary>
internal sealed class DrainEndpoint(Broker broker)
{
    private const int TimeoutMaxMs = 86_400_000;

    public Task GetAsync(HttpContext context)
    {
        var drain = broker.Drain.TakeSnapshot();
        return Reply.OkAsync(
            context,
            new DrainReply(
                broker.NodeName, WordOf(drain.Phase), drain.Since, drain.Deadline, drain.Connections,
                drain.Unacknowledged, drain.Unconfirmed),
            ApiJson.Default.DrainReply);
    }

    /// <summary>?timeout=MS goes before drain_timeout. Answered when it has begun.</summary>
    public Task StartAsync(HttpContext context)
    {
        TimeSpan? timeout = null;
        if (context.Request.Query.TryGetValue("timeout", out var text))
        {
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || ms > TimeoutMaxMs)
            {
                return Reply.ErrorAsync(
                    context, StatusCodes.Status400BadRequest, "bad_request",
                    $"timeout is in milliseconds, from 0 to {TimeoutMaxMs}");
            }
            timeout = TimeSpan.FromMilliseconds(ms);
        }
        return OperatorEndpoint.AnswerAsync(context, by => broker.Actions.DrainAsync(by, timeout));
    }

    public Task ReviveAsync(HttpContext context) =>
        OperatorEndpoint.AnswerAsync(context, broker.Actions.ReviveAsync);

    /// <summary>PUT /api/listeners/suspend.</summary>
    public Task SuspendAsync(HttpContext context) =>
        OperatorEndpoint.AnswerAsync(context, broker.Actions.SuspendListenersAsync);

    /// <summary>PUT /api/listeners/resume.</summary>
    public Task ResumeAsync(HttpContext context) =>
        OperatorEndpoint.AnswerAsync(context, broker.Actions.ResumeListenersAsync);

    /// <summary>GET /api/health/checks/is-in-service: 503 while it is drained, for load balancers.</summary>
    public Task CheckAsync(HttpContext context)
    {
        if (!broker.Drain.IsOn)
            return Reply.OkAsync(context, new AlarmsReply("ok", null, null), ApiJson.Default.AlarmsReply);
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Reply.OkAsync(
            context, new AlarmsReply("failed", "this node is being drained, or was", null),
            ApiJson.Default.AlarmsReply);
    }

    private static string WordOf(DrainPhase phase) => phase switch
    {
        DrainPhase.InService => "in_service",
        DrainPhase.Draining => "draining",
        _ => "drained",
    };
}
