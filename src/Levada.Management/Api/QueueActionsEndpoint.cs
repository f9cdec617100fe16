using Levada.Definitions;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// What RabbitMQ and LavinMQ ask of queues for reasons that are none here: there are no mirrors to bring up to date,
/// and no queue stops by itself.
/// </summary>
internal sealed class QueueActionsEndpoint(Broker broker)
{
    /// <summary>{"action": "sync"} or {"action": "cancel_sync"}: there is nothing to bring up to date.</summary>
    public async Task ActAsync(HttpContext context)
    {
        if (!IsThere(context))
        {
            await Reply.NotFoundAsync(context);
            return;
        }
        if (await RequestBody.ReadAsync(context, Read) is not null)
            await ClusterEndpoint.DoneAsync(context);
    }

    /// <summary>LavinMQ's: a queue that is there runs.</summary>
    public Task RestartAsync(HttpContext context) =>
        IsThere(context) ? ClusterEndpoint.DoneAsync(context) : Reply.NotFoundAsync(context);

    private static string Read(DefinitionObject body)
    {
        var action = body.Text("action");
        return action is "sync" or "cancel_sync" ? action : throw body.Fault("action", "is sync or cancel_sync");
    }

    private bool IsThere(HttpContext context) => ExchangesEndpoint.VHostOf(broker, context)!
        .FindQueue(System.Text.Encoding.UTF8.GetBytes(PathName.Of(context))) is not null;
}
