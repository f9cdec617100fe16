using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/auth/attempts/NODE: logins over HTTP and AMQP since the start or the last reset. They are not counted by where
/// they come from, as in RabbitMQ unless it is told to.
/// </summary>
internal sealed class AttemptsEndpoint(Broker broker, HttpLogins logins)
{
    // What was counted at the last reset; under the lock.
    private readonly Lock _resetting = new();
    private AttemptsReply[] _before = [new("http", 0, 0), new("amqp091", 0, 0)];

    public Task ListAsync(HttpContext context)
    {
        if (!NodesEndpoint.IsHere(broker, context))
            return Reply.NotFoundAsync(context);
        AttemptsReply[] before;
        lock (_resetting)
            before = _before;
        var since = Count().Zip(before, static (now, then) => new AttemptsReply(
            now.Protocol, now.AuthAttempts - then.AuthAttempts, now.AuthAttemptsFailed - then.AuthAttemptsFailed));
        return ListReply.WriteAsync(
            context, since, ApiJson.Default.AttemptsReply, static reply => reply.Protocol);
    }

    public Task ResetAsync(HttpContext context)
    {
        if (!NodesEndpoint.IsHere(broker, context))
            return Reply.NotFoundAsync(context);
        lock (_resetting)
            _before = Count();
        return ClusterEndpoint.DoneAsync(context);
    }

    /// <summary>DELETE /api/reset: these are the only statistics that can begin anew.</summary>
    public Task ResetAllAsync(HttpContext context)
    {
        if (context.Request.RouteValues.ContainsKey("node") && !NodesEndpoint.IsHere(broker, context))
            return Reply.NotFoundAsync(context);
        lock (_resetting)
            _before = Count();
        return ClusterEndpoint.DoneAsync(context);
    }

    private AttemptsReply[] Count()
    {
        var (succeeded, failed) = broker.LoginCounts;
        return
        [
            new("http", logins.Succeeded + logins.Failed, logins.Failed), new("amqp091", succeeded + failed, failed),
        ];
    }
}
