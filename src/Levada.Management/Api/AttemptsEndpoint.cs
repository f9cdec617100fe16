using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/auth/attempts/NODE: logins over HTTP and AMQP since the start or the last reset; below /source by address and
/// user, as long as these are counted (track_auth_attempt_source).
/// </summary>
internal sealed class AttemptsEndpoint(Broker broker)
{
    public Task ListAsync(HttpContext context) => NodesEndpoint.IsHere(broker, context)
        ? ListReply.WriteAsync(
            context,
            broker.Logins.ByProtocol().Select(
                static c => new AttemptsReply(c.Protocol, c.Succeeded + c.Failed, c.Failed)),
            ApiJson.Default.AttemptsReply, static reply => reply.Protocol)
        : Reply.NotFoundAsync(context);

    public Task ListSourcesAsync(HttpContext context) => NodesEndpoint.IsHere(broker, context)
        ? ListReply.WriteAsync(
            context,
            broker.Logins.BySource().Select(static c => new SourceAttemptsReply(
                c.Address, c.User, c.Protocol, c.Succeeded + c.Failed, c.Failed)),
            ApiJson.Default.SourceAttemptsReply, static reply => reply.RemoteAddress)
        : Reply.NotFoundAsync(context);

    /// <summary>
    /// RabbitMQ begins all of it anew whichever of the paths is asked; for DELETE /api/reset too, as these are the only
    /// statistics that can.
    /// </summary>
    public Task ResetAsync(HttpContext context) =>
        context.Request.RouteValues.ContainsKey("node") && !NodesEndpoint.IsHere(broker, context)
            ? Reply.NotFoundAsync(context)
            : OperatorEndpoint.AnswerAsync(context, broker.Actions.ResetLoginCountsAsync);
}
