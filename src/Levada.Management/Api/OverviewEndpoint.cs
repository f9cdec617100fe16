using Levada.History;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>GET /api/overview: the broker at a glance, with RabbitMQ's keys.</summary>
internal sealed class OverviewEndpoint(Broker broker, IReadOnlyList<Listener> httpListeners)
{
    // What is kept of the node, and of what is watched.
    private static readonly SampleRetentionPolicies Retention = new([600, 3600, 86400], [600], [600]);

    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(context, () =>
    {
        var overview = broker.GetOverview();
        var details = NodeDetails.Of(broker, overview, NodeUse.Take(), context.Request.Query);
        return Reply.OkAsync(context, ToReply(overview, details), ApiJson.Default.OverviewReply);
    });

    private OverviewReply ToReply(BrokerOverview o, Details d) => new(
        Broker.Version, "detailed", Retention, NodeFacts.ExchangeTypes, Broker.Version, "Levada",
        NodeFacts.RabbitVersion, broker.ClusterName, NodeFacts.Runtime, NodeFacts.RuntimeInFull, "supported",
        DisableStats: false, EnableQueueTotals: false, Stats(o, d), Churn(o.Churn, d),
        new QueueTotals(
            o.MessagesReady + o.MessagesUnacked, d.Length("messages"),
            o.MessagesReady, d.Length("messages_ready"),
            o.MessagesUnacked, d.Length("messages_unacknowledged")),
        new ObjectTotals(o.Connections, o.Channels, o.Exchanges, o.Queues, o.Consumers),
        StatisticsDbEventQueue: 0, broker.NodeName, (long)o.Uptime.TotalSeconds,
        [.. broker.Listeners.Concat(httpListeners).Select(ToReply)],
        NodeFacts.Contexts(broker.NodeName, httpListeners));

    private static OverviewStats Stats(BrokerOverview o, Details d)
    {
        var m = o.Messages;
        return new OverviewStats(
            m.Published, d.Messages("publish"),
            m.Confirmed, d.Messages("confirm"),
            m.Returned, d.Messages("return_unroutable"),
            m.DroppedUnroutable, d.Messages("drop_unroutable"),
            m.DeliveredManualAck, d.Messages("deliver"),
            m.DeliveredAutoAck, d.Messages("deliver_no_ack"),
            m.HandedOut, d.Messages("deliver_get"),
            m.GotManualAck, d.Messages("get"),
            m.GotAutoAck, d.Messages("get_no_ack"),
            m.GotEmpty, d.Messages("get_empty"),
            m.Redelivered, d.Messages("redeliver"),
            m.Acked, d.Messages("ack"),
            m.Rejected, d.Messages("reject"),
            o.Path.BlocksRead, d.Messages("disk_reads"),
            o.Path.JournalSyncs, d.Messages("disk_writes"),
            o.Path.BytesReceived, d.Data("recv_oct"),
            o.Path.BytesSent, d.Data("send_oct"));
    }

    private static ChurnRates Churn(ChurnTotals c, Details d) => new(
        c.ConnectionsOpened, d.Messages("connection_created"),
        c.ConnectionsClosed, d.Messages("connection_closed"),
        c.ChannelsOpened, d.Messages("channel_created"),
        c.ChannelsClosed, d.Messages("channel_closed"),
        c.QueuesDeclared, d.Messages("queue_declared"),
        c.QueuesCreated, d.Messages("queue_created"),
        c.QueuesDeleted, d.Messages("queue_deleted"));

    private ListenerReply ToReply(Listener l) => new(
        broker.NodeName, l.Protocol, l.Address?.ToString() ?? l.Path ?? "", l.Port, new Dictionary<string, int>());
}
