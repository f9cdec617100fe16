using System.Globalization;
using System.Text.Json;
using Levada.Amqp;
using Levada.Operations;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// What changes connections, channels and consumers. 204 when it is done, or was so; 404 for what is not there, 401 for
/// what is not to be seen by the asking user, 403 for what that user may see and not change. The reason is in the
/// header X-Reason.
/// </summary>
internal sealed class OperatorEndpoint(Broker broker)
{
    public Task CloseConnectionAsync(HttpContext context) => ConnectionsEndpoint.Find(broker, context) is { } found
        ? AnswerAsync(context, by => broker.Actions.CloseConnectionAsync(by, found))
        : ConnectionsEndpoint.NotFoundAsync(broker, context);

    public Task CloseUserConnectionsAsync(HttpContext context) => AnswerAsync(
        context, by => broker.Actions.CloseUserConnectionsAsync(by, PathName.Of(context)));

    public Task CloseChannelAsync(HttpContext context) => OnChannelAsync(context, broker.Actions.CloseChannelAsync);

    public Task RequeueAsync(HttpContext context) =>
        OnChannelAsync(context, broker.Actions.RequeueUnacknowledgedAsync);

    public Task PauseAsync(HttpContext context) => OnChannelAsync(context, broker.Actions.PauseChannelAsync);

    public Task ResumeAsync(HttpContext context) => OnChannelAsync(context, broker.Actions.ResumeChannelAsync);

    /// <summary>{"prefetch_count": N} or LavinMQ's {"prefetch": N}; {"global_prefetch_count": N}.</summary>
    public async Task SetChannelPrefetchAsync(HttpContext context)
    {
        if (await ReadPrefetchAsync(context) is not { } wanted)
            return;
        var (count, isGlobal) = wanted.GlobalPrefetchCount is { } global
            ? (global, true)
            : (wanted.Count!.Value, false);
        await OnChannelAsync(
            context,
            (by, connection, number) => broker.Actions.SetPrefetchAsync(by, connection, number, count, isGlobal));
    }

    public async Task SetConsumerPrefetchAsync(HttpContext context)
    {
        if (await ReadPrefetchAsync(context) is not { } wanted)
            return;
        if (wanted.Count is { } count)
        {
            await OnConsumerAsync(
                context,
                (by, connection, number, tag) => broker.Actions.SetPrefetchAsync(by, connection, number, tag, count));
        }
        else
        {
            await Reply.BadRequestAsync(context, "global_prefetch_count is a channel's");
        }
    }

    public Task CancelConsumerAsync(HttpContext context) =>
        OnConsumerAsync(context, broker.Actions.CancelConsumerAsync);

    private Task OnChannelAsync(
        HttpContext context, Func<OperatorRequest, Connection, ushort, Task<OperatorResult>> act) =>
        ChannelsEndpoint.Find(broker, context) is (var connection, var number)
            ? AnswerAsync(context, by => act(by, connection, number))
            : ConnectionsEndpoint.NotFoundAsync(broker, context);

    // As LavinMQ's path: /api/consumers/VHOST/CONNECTION/CHANNEL/TAG.
    private Task OnConsumerAsync(
        HttpContext context, Func<OperatorRequest, Connection, ushort, string, Task<OperatorResult>> act)
    {
        var vhost = PathName.Of(context, "vhost");
        return ConnectionsEndpoint.Find(broker, context) is { } connection && connection.VHost?.Name == vhost
            && ushort.TryParse(PathName.Of(context, "channel"), CultureInfo.InvariantCulture, out var number)
                ? AnswerAsync(context, by => act(by, connection, number, PathName.Of(context, "tag")))
                : ConnectionsEndpoint.NotFoundAsync(broker, context);
    }

    /// <summary>The same for what a PUT makes or changes: 201 if it was not there.</summary>
    public static Task PutAsync(
        HttpContext context, bool wasThere, Func<OperatorRequest, Task<OperatorResult>> act) =>
        AnswerAsync(context, act, wasThere ? StatusCodes.Status204NoContent : StatusCodes.Status201Created);

    /// <summary>Who asks, and why.</summary>
    public static OperatorRequest By(HttpContext context)
    {
        var reason = (string?)context.Request.Headers["X-Reason"];
        return new OperatorRequest(
            context.User.Identity?.Name ?? "", ClientAddress.Describe(context),
            string.IsNullOrWhiteSpace(reason) ? null : reason);
    }

    /// <summary>Asks for it in the name of the request's user, and says what became of it.</summary>
    public static async Task AnswerAsync(
        HttpContext context, Func<OperatorRequest, Task<OperatorResult>> act,
        int done = StatusCodes.Status204NoContent, int refused = StatusCodes.Status409Conflict)
    {
        if (ClientAddress.IsFromAnotherSite(context))
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status403Forbidden, "not_authorised",
                "The request comes from another site's page");
            return;
        }
        var result = await act(By(context));
        switch (result.Outcome)
        {
            case OperatorOutcome.Done or OperatorOutcome.AlreadySo:
                context.Response.StatusCode = done;
                break;
            case OperatorOutcome.Denied:
                await (result.Detail.Length > 0
                    ? Roles.RefuseAsync(context, result.Detail)
                    : Reply.ErrorAsync(
                        context, StatusCodes.Status403Forbidden, "not_authorised",
                        "User not authorised to access object: it is another user's, and this one is no "
                        + "administrator"));
                break;
            case OperatorOutcome.Invalid:
                await Reply.BadRequestAsync(context, result.Detail);
                break;
            case OperatorOutcome.Blocked:
                await Reply.ErrorAsync(
                    context, StatusCodes.Status503ServiceUnavailable, "service_unavailable", result.Detail);
                break;
            case OperatorOutcome.Refused:
                await Reply.ErrorAsync(
                    context, refused,
                    refused switch
                    {
                        StatusCodes.Status400BadRequest => "bad_request",
                        StatusCodes.Status412PreconditionFailed => "precondition_failed",
                        StatusCodes.Status503ServiceUnavailable => "service_unavailable",
                        _ => "conflict",
                    },
                    result.Detail);
                break;
            default:
                await (result.Detail.Length > 0 && !HttpMethods.IsDelete(context.Request.Method)
                    ? Reply.ErrorAsync(context, StatusCodes.Status404NotFound, "not_found", result.Detail)
                    : Reply.NotFoundAsync(context));
                break;
        }
    }

    private static async Task<PrefetchRequest?> ReadPrefetchAsync(HttpContext context)
    {
        try
        {
            var wanted = await JsonSerializer.DeserializeAsync(
                context.Request.Body, ApiJson.Default.PrefetchRequest, context.RequestAborted);
            if (wanted is { IsOne: true })
                return wanted;
        }
        catch (JsonException)
        {
            // Told below, as what is JSON and not the one wanted.
        }
        await Reply.BadRequestAsync(
            context, "the body is {\"prefetch_count\": N} or {\"global_prefetch_count\": N} with N from 0 to 65535");
        return null;
    }
}
