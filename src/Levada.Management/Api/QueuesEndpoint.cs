using System.Globalization;
using System.Text;
using Levada.Amqp;
using Levada.Catalog;
using Levada.Definitions;
using Levada.Management.Lists;
using Levada.Queues;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// /api/queues and /api/consumers. Who may see a virtual host sees its queues; changes are made by the rights of the
/// asking user, as if it had connected.
/// </summary>
internal sealed class QueuesEndpoint(Broker broker)
{
    private const int UnacknowledgedUsual = 1_000;
    private const int UnacknowledgedMax = 10_000;

    private readonly PairLists _pairs = new(broker);
    private readonly ListKind<Queue> _kind = QueueList.Kind(broker.NodeName);
    private readonly ListKind<ConsumerFigures> _consumers = ConsumerList.Kind(broker.NodeName);

    public Task ListAsync(HttpContext context) =>
        ListAsync(context, broker.Catalog.VHosts.Where(vhost => Roles.MaySee(context, broker, vhost.Name)));

    /// <summary>Those that connections of one user declared for themselves alone, as others have no owner.</summary>
    public Task OfUserAsync(HttpContext context)
    {
        var user = PathName.Of(context);
        return ListReply.WriteAsync(
            context, _kind,
            broker.Catalog.VHosts.SelectMany(static vhost => vhost.Queues())
                .Where(queue => queue.Owner is Connection owner && owner.UserName == user));
    }

    public Task OfVHostAsync(HttpContext context) => ListAsync(context, [VHostOf(context)]);

    /// <summary>With its consumers and, if they are asked for, samples.</summary>
    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        if (Find(context) is not { } found)
            return Reply.NotFoundAsync(context);
        var now = found.TakeSample();
        var (before, over) = QueueList.Rates.Look(found, now);
        var details = Figures.Queues.Watched(
            broker, context.Request.Query, found, SampledObjects.Taking(found), now, before, over);
        var reply = QueueReply.Of(found, broker.NodeName, now, details, ConsumersOf(found));
        return Reply.OkAsync(context, _pairs.AddTo(reply, found), ApiJson.Default.QueueReply);
    });

    /// <summary>{"durable": B, "auto_delete": B, "arguments": {...}}, all optional.</summary>
    public async Task PutAsync(HttpContext context)
    {
        var name = PathName.Of(context);
        if (await RequestBody.ReadAsync(context, body => QueueEntry.Read(body, PathName.ForClients(name)))
            is not { } wanted)
        {
            return;
        }
        await OperatorEndpoint.PutAsync(
            context, Find(context) is not null,
            by => broker.Actions.DeclareQueueAsync(by, VHostOf(context), wanted.ToMethod()));
    }

    /// <summary>?if-unused=true and ?if-empty=true refuse it if there are consumers or ready messages.</summary>
    public Task DeleteAsync(HttpContext context) => Find(context) is { } found
        ? OperatorEndpoint.AnswerAsync(
            context,
            by => broker.Actions.DeleteQueueAsync(
                by, VHostOf(context), found, context.Request.Query["if-unused"] == "true",
                context.Request.Query["if-empty"] == "true"),
            refused: StatusCodes.Status400BadRequest)
        : Reply.NotFoundAsync(context);

    /// <summary>DELETE …/contents: drops the ready messages.</summary>
    public Task PurgeAsync(HttpContext context) => Find(context) is { } found
        ? OperatorEndpoint.AnswerAsync(context, by => broker.Actions.PurgeQueueAsync(by, VHostOf(context), found))
        : Reply.NotFoundAsync(context);

    /// <summary>The messages that clients hold, those held for longest first; ?count=N, 1,000 unless said.</summary>
    public Task UnacknowledgedAsync(HttpContext context)
    {
        if (Find(context) is not { } found)
            return Reply.NotFoundAsync(context);
        var count = UnacknowledgedUsual;
        if (context.Request.Query.TryGetValue("count", out var text)
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                || count is < 1 or > UnacknowledgedMax))
        {
            return Reply.BadRequestAsync(context, $"count is from 1 to {UnacknowledgedMax}");
        }
        IReadOnlyList<UnacknowledgedReply> held =
            [.. broker.ListUnacknowledged(found, count).Select(UnacknowledgedReply.Of)];
        return ListReply.WriteAsync(
            context, held, ApiJson.Default.UnacknowledgedReply, static reply => reply.Connection);
    }

    public Task ConsumersAsync(HttpContext context) => ConsumersAsync(context, vhost: null);

    public Task ConsumersOfVHostAsync(HttpContext context) => ConsumersAsync(context, PathName.Of(context, "vhost"));

    // Of the connections that the asking user may see.
    private Task ConsumersAsync(HttpContext context, string? vhost) =>
        ListReply.WriteAsync(context, _consumers, look =>
        {
            foreach (var connection in ConnectionsEndpoint.Visible(broker, context))
            {
                if (vhost is null || connection.VHost?.Name == vhost)
                    connection.VisitConsumers(look);
            }
        });

    private List<ConsumerReply> ConsumersOf(Queue queue)
    {
        var consumers = new List<ConsumerReply>();
        if (queue.ConsumerCount == 0)
            return consumers;
        foreach (var connection in broker.Connections.All)
        {
            connection.VisitConsumers(consumer =>
            {
                if (consumer.IsOf(queue))
                    consumers.Add(ConsumerList.ReplyOf(consumer, broker.NodeName));
            });
        }
        return consumers;
    }

    private VHost VHostOf(HttpContext context) => ExchangesEndpoint.VHostOf(broker, context)!;

    /// <summary>The queue that the path names.</summary>
    private Queue? Find(HttpContext context) =>
        VHostOf(context).FindQueue(Encoding.UTF8.GetBytes(PathName.Of(context)));

    private Task ListAsync(HttpContext context, IEnumerable<VHost> vhosts) =>
        ListReply.WriteAsync(context, _kind, vhosts.SelectMany(static vhost => vhost.Queues()));
}
