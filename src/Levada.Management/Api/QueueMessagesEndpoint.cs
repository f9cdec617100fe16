using System.Globalization;
using System.Text;
using Levada.Amqp;
using Levada.Catalog;
using Levada.Definitions;
using Levada.Queues;
using Levada.Storage;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// A queue's messages as an operator sees them, and its deliveries stopped and let go on. By the rights of the asking
/// user, as if it had connected.
/// </summary>
internal sealed class QueueMessagesEndpoint(Broker broker)
{
    private const int CountUsual = 10;
    private const int CountMax = 1_000;
    private const int TruncateUsual = 50_000;

    public Task PauseAsync(HttpContext context) => Find(context) is { } found
        ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.PauseQueueAsync(by, VHostOf(context), found))
        : Reply.NotFoundAsync(context);

    public Task ResumeAsync(HttpContext context) => Find(context) is { } found
        ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.ResumeQueueAsync(by, VHostOf(context), found))
        : Reply.NotFoundAsync(context);

    /// <summary>?position=N, from 0 on, &amp;count=N, 10 unless said, &amp;truncate=BYTES of each body.</summary>
    public async Task ListAsync(HttpContext context)
    {
        if (Find(context) is not { } found)
        {
            await Reply.NotFoundAsync(context);
            return;
        }
        if (Number(context, "position", 0, long.MaxValue) is not { } position
            || Number(context, "count", CountUsual, CountMax) is not { } count
            || Number(context, "truncate", TruncateUsual, int.MaxValue) is not { } truncate)
        {
            await Reply.BadRequestAsync(
                context, $"position and truncate are whole numbers, count is one up to {CountMax}");
            return;
        }
        try
        {
            var seen = await broker.Actions.LookAsync(
                context.User.Identity?.Name ?? "", VHostOf(context), found, position, (int)count);
            await AnswerAsync(context, seen, isFetched: false, (int)truncate, asText: true);
        }
        catch (AmqpException refused)
        {
            await Roles.RefuseAsync(context, refused.Text);
        }
    }

    /// <summary>{"count": N, "ackmode": M, "encoding": "auto" or "base64", "truncate": BYTES}, as RabbitMQ's.</summary>
    public async Task FetchAsync(HttpContext context)
    {
        if (Find(context) is not { } found)
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status404NotFound, "not_found",
                $"NOT_FOUND - no queue '{PathName.Of(context)}' in vhost '{VHostOf(context).Name}'");
            return;
        }
        if (await RequestBody.ReadAsync(context, FetchOrder.Read) is not { } order)
            return;
        IReadOnlyList<SeenMessage> seen = [];
        await OperatorEndpoint.AnswerAsync(
            context,
            by => broker.Actions.FetchAsync(by, VHostOf(context), found, order.Count, order.Fate, all => seen = all),
            StatusCodes.Status200OK);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            await AnswerAsync(context, seen, isFetched: true, order.Truncate, order.AsText);
    }

    /// <summary>
    /// {"destination": QUEUE, "count": N, "routing_key": K, "headers": {...}}, all but the first optional. Answered
    /// when it is done; a client that goes away ends it.
    /// </summary>
    public async Task MoveAsync(HttpContext context)
    {
        if (Find(context) is not { } found)
        {
            await Reply.NotFoundAsync(context);
            return;
        }
        if (await RequestBody.ReadAsync(context, MoveOrder.Read) is not { } order)
            return;
        var vhost = VHostOf(context);
        if (vhost.FindQueue(Encoding.UTF8.GetBytes(order.Destination)) is not { } target)
        {
            await Reply.BadRequestAsync(
                context, $"destination: there is no queue '{order.Destination}' in vhost '{vhost.Name}'");
            return;
        }
        if (target == found)
        {
            await Reply.BadRequestAsync(context, "destination is the queue itself: name another one");
            return;
        }
        var outcome = default(MoveOutcome);
        await OperatorEndpoint.AnswerAsync(
            context,
            by => broker.Actions.MoveAsync(
                by, vhost, found, target, order.Filter, order.Count, became => outcome = became,
                context.RequestAborted),
            StatusCodes.Status200OK);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
        {
            await Reply.OkAsync(
                context, new MoveReply(outcome.Moved, outcome.Refused, outcome.LookedAt), ApiJson.Default.MoveReply);
        }
    }

    private static async Task AnswerAsync(
        HttpContext context, IReadOnlyList<SeenMessage> seen, bool isFetched, int truncate, bool asText)
    {
        try
        {
            IReadOnlyList<MessageReply> replies =
                [.. seen.Select(message => MessageReply.Of(message, isFetched, truncate, asText))];
            await Reply.OkAsync(context, replies, ApiJson.Default.IReadOnlyListMessageReply);
        }
        finally
        {
            foreach (var message in seen)
                message.Dispose();
        }
    }

    // Null if it is none that may be.
    private static long? Number(HttpContext context, string name, long usual, long most)
    {
        if (!context.Request.Query.TryGetValue(name, out var text))
            return usual;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : null;
    }

    private VHost VHostOf(HttpContext context) => ExchangesEndpoint.VHostOf(broker, context)!;

    private Queue? Find(HttpContext context) =>
        VHostOf(context).FindQueue(Encoding.UTF8.GetBytes(PathName.Of(context)));

    private sealed record FetchOrder(int Count, FetchFate Fate, bool AsText, int Truncate)
    {
        public static FetchOrder Read(DefinitionObject from)
        {
            var count = from.NumberOrNull("count") ?? throw from.Fault("count", "is missing");
            if (count is < 1 or > CountMax)
                throw from.Fault("count", $"is from 1 to {CountMax}");
            var truncate = from.NumberOrNull("truncate") ?? int.MaxValue;
            if (truncate < 0)
                throw from.Fault("truncate", "is below 0");
            return new FetchOrder(count, FateOf(from), MayBeText(from), truncate);
        }

        private static FetchFate FateOf(DefinitionObject from) => from.TextOrNull("ackmode") switch
        {
            "ack_requeue_true" => FetchFate.Released,
            "reject_requeue_true" => FetchFate.Failed,
            "ack_requeue_false" => FetchFate.Acknowledged,
            "reject_requeue_false" => FetchFate.Rejected,
            _ => throw from.Fault(
                "ackmode",
                "is one of ack_requeue_true, ack_requeue_false, reject_requeue_true, reject_requeue_false"),
        };

        private static bool MayBeText(DefinitionObject from) => (from.TextOrNull("encoding") ?? "auto") switch
        {
            "auto" => true,
            "base64" => false,
            _ => throw from.Fault("encoding", "is auto or base64"),
        };
    }
}
