using Levada.Amqp;
using Levada.Queues;

namespace Levada.Management.Metrics;

/// <summary>What the node is, holds and has done.</summary>
internal static class NodeMetrics
{
    private const string Protocol = "amqp091";

    private static readonly Figure<ClientSums>[] Clients =
    [
        new("connection_channels", "Channels of all connections", static c => c.Channels),
        new("channel_consumers", "Consumers of all channels", static c => c.Consumers),
        new("channel_messages_unacked", "Deliveries not yet acknowledged", static c => c.Unacknowledged),
        new("channel_messages_unconfirmed", "Publishes not yet confirmed", static c => c.Unconfirmed),
        new("channel_messages_uncommitted", "Publishes of open transactions", static c => c.Uncommitted),
        new("channel_acks_uncommitted", "Settles of open transactions", static c => c.AcksUncommitted),
        new("consumer_prefetch", "Prefetch of new consumers, of all channels", static c => c.Prefetch),
        new("channel_prefetch", "Prefetch of whole channels, of all of them", static c => c.GlobalPrefetch),
    ];

    private static readonly Figure<BrokerOverview>[] Totals =
    [
        new("connection_incoming_bytes_total", "Bytes received by AMQP", static o => o.Path.BytesReceived),
        new("connection_outgoing_bytes_total", "Bytes sent by AMQP", static o => o.Path.BytesSent),
        new("connection_incoming_packets_total", "Receive calls that got bytes", static o => o.Path.SocketReceives),
        new("connection_outgoing_packets_total", "Send calls", static o => o.Path.SocketSends),
        new("channel_messages_published_total", "Messages published", static o => o.Messages.Published),
        new("channel_messages_confirmed_total", "Publishes confirmed", static o => o.Messages.Confirmed),
        new("channel_messages_unroutable_returned_total", "Messages returned", static o => o.Messages.Returned),
        new("channel_messages_unroutable_dropped_total", "Messages that led to no queue",
            static o => o.Messages.DroppedUnroutable),
        new("channel_get_ack_total", "Got, to be acknowledged", static o => o.Messages.GotManualAck),
        new("channel_get_total", "Got, no acknowledgement", static o => o.Messages.GotAutoAck),
        new("channel_get_empty_total", "basic.get on an empty queue", static o => o.Messages.GotEmpty),
        new("channel_messages_delivered_ack_total", "Delivered, to be acknowledged",
            static o => o.Messages.DeliveredManualAck),
        new("channel_messages_delivered_total", "Delivered, no acknowledgement",
            static o => o.Messages.DeliveredAutoAck),
        new("channel_messages_redelivered_total", "Handed out again", static o => o.Messages.Redelivered),
        new("channel_messages_acked_total", "Messages acknowledged", static o => o.Messages.Acked),
        new("queue_messages_published_total", "Messages that came into queues", static o => o.Messages.Routed),
        new("queue_consumers", "Consumers of all queues", static o => o.Consumers),
        new("queue_messages", "Messages in queues", static o => o.MessagesReady + o.MessagesUnacked),
        new("queue_messages_ready", "Messages ready to be delivered", static o => o.MessagesReady),
        new("queue_messages_unacked", "Messages delivered, not acknowledged", static o => o.MessagesUnacked),
        new("queue_messages_bytes", "Bytes of all bodies", static o => o.MessageBytesReady + o.MessageBytesUnacked),
        new("queue_messages_ready_bytes", "Bytes of the ready bodies", static o => o.MessageBytesReady),
        new("queue_messages_unacked_bytes", "Bytes of the unacknowledged bodies", static o => o.MessageBytesUnacked),
    ];

    // RabbitMQ's global_ counters: of publishers, and of queues by their type.
    private static readonly Figure<MessageTotals>[] ByProtocol =
    [
        new("messages_received_total", "Messages published", static m => m.Published),
        new("messages_routed_total", "Messages that came into queues, once for each queue", static m => m.Routed),
        new("messages_confirmed_total", "Publishes confirmed with an ack", static m => m.Confirmed),
        new("messages_unroutable_returned_total", "Messages returned", static m => m.Returned),
        new("messages_unroutable_dropped_total", "Messages that led to no queue", static m => m.DroppedUnroutable),
        new("messages_acknowledged_total", "Messages acknowledged", static m => m.Acked),
    ];

    private static readonly Figure<DeliveryCounters>[] ByQueueType =
    [
        new("messages_delivered_total", "Messages handed out", static d => d.HandedOut),
        new("messages_delivered_consume_manual_ack_total", "Delivered, to be acknowledged", static d => d.Delivered),
        new("messages_delivered_consume_auto_ack_total", "Delivered, no acknowledgement",
            static d => d.DeliveredNoAck),
        new("messages_delivered_get_manual_ack_total", "Got, to be acknowledged", static d => d.Got),
        new("messages_delivered_get_auto_ack_total", "Got, no acknowledgement", static d => d.GotNoAck),
        new("messages_get_empty_total", "basic.get on an empty queue", static d => d.GotEmpty),
        new("messages_redelivered_total", "Handed out again", static d => d.Redelivered),
    ];

    private static readonly Figure<MessageTotals>[] Ours =
    [
        new("messages_deduplicated_total", "Messages left out as duplicates", static m => m.Deduplicated),
        new("messages_expired_total", "Messages whose time to live was over", static m => m.Expired),
        new("messages_dropped_by_length_total", "Messages dropped from the head of a full queue",
            static m => m.DroppedByLength),
        new("messages_refused_by_length_total", "Messages that a full queue refused", static m => m.RefusedByLength),
        new("messages_dropped_by_deliveries_total", "Messages over their delivery limit",
            static m => m.DroppedByDeliveries),
        new("messages_dead_lettered_total", "Messages that went on elsewhere", static m => m.DeadLettered),
        new("messages_nacked_total", "Publishes answered with a nack", static m => m.Nacked),
        new("messages_rejected_total", "Deliveries rejected by consumers", static m => m.Rejected),
    ];

    private static readonly Figure<ChurnTotals>[] Churn =
    [
        new("connections_opened_total", "Connections opened", static c => c.ConnectionsOpened),
        new("connections_closed_total", "Connections closed", static c => c.ConnectionsClosed),
        new("channels_opened_total", "Channels opened", static c => c.ChannelsOpened),
        new("channels_closed_total", "Channels closed", static c => c.ChannelsClosed),
        new("queues_declared_total", "queue.declare answered", static c => c.QueuesDeclared),
        new("queues_created_total", "Queues created", static c => c.QueuesCreated),
        new("queues_deleted_total", "Queues deleted", static c => c.QueuesDeleted),
    ];

    public static void WriteIdentity(MetricsText text, Broker broker)
    {
        text.Family("rabbitmq_identity_info", "gauge", "Node and cluster");
        text.Sample("rabbitmq_identity_info", 1,
            ("rabbitmq_node", broker.NodeName), ("rabbitmq_cluster", broker.ClusterName));
        text.Family("rabbitmq_build_info", "gauge", "Product and version");
        text.Sample("rabbitmq_build_info", 1,
            ("product_name", "Levada"), ("product_version", Broker.Version),
            ("dotnet_version", Environment.Version.ToString()));
    }

    public static void WriteObjects(MetricsText text, BrokerOverview o, QueueSums queues, ClientSums clients)
    {
        text.Gauge("rabbitmq_connections", "Connections open", clients.Connections);
        text.Gauge("rabbitmq_channels", "Channels open", clients.Channels);
        text.Gauge("rabbitmq_consumers", "Consumers", queues.Consumers);
        text.Gauge("rabbitmq_queues", "Queues", queues.Queues);
        text.Gauge("levada_exchanges", "Exchanges", o.Exchanges);
        text.Gauge(
            "levada_recent_history_bytes", "Bytes that x-recent-history exchanges remember", o.RecentHistoryBytes);
        text.Gauge("levada_messages_delayed", "Messages that x-delayed-message exchanges hold back", o.MessagesDelayed);
        text.Family("rabbitmq_global_consumers", "gauge", "Consumers");
        text.Sample("rabbitmq_global_consumers", queues.Consumers, ("protocol", Protocol));
        text.Family("rabbitmq_global_publishers", "gauge", "Channels that have published");
        text.Sample("rabbitmq_global_publishers", clients.Publishers, ("protocol", Protocol));
    }

    /// <summary>Sums that stand where <see cref="ObjectMetrics"/> has one of each object.</summary>
    public static void WriteClients(MetricsText text, ClientSums clients) =>
        text.Write(Clients, "rabbitmq_", clients);

    /// <summary>The same over all that there ever were.</summary>
    public static void WriteTotals(MetricsText text, BrokerOverview overview) =>
        text.Write(Totals, "rabbitmq_", overview);

    public static void WriteMessages(MetricsText text, BrokerOverview overview)
    {
        text.Write(ByProtocol, "rabbitmq_global_", overview.Messages, ("protocol", Protocol));
        foreach (var figure in ByQueueType)
        {
            var name = $"rabbitmq_global_{figure.Name}";
            text.Family(name, "counter", figure.Help);
            foreach (var (type, served) in overview.Served)
            {
                text.Sample(
                    name, figure.Of(served), ("protocol", Protocol), ("queue_type", $"rabbit_{type.Name()}_queue"));
            }
        }
        text.Write(Ours, "levada_", overview.Messages);
    }

    public static void WriteChurn(MetricsText text, ChurnTotals c, Churn all)
    {
        WriteChurn(text, "rabbitmq_", c, all);
        text.Counter("levada_handshakes_failed_total", "Sockets that never became a connection", c.HandshakesFailed);
    }

    public static void WriteChurn(MetricsText text, string prefix, ChurnTotals c, Churn all)
    {
        text.Write(Churn, prefix, c);
        text.Counter($"{prefix}consumers_added_total", "basic.consume, refused ones too", all.ConsumersOpened);
        text.Counter($"{prefix}consumers_removed_total", "Consumers that went", all.ConsumersClosed);
    }

    public static void WriteAlarms(MetricsText text, BrokerOverview o)
    {
        text.Gauge("rabbitmq_alarms_free_disk_space_watermark", "1: publishing is blocked, the disk is nearly full",
            o.Alarms.Any(a => a.Resource == "disk") ? 1 : 0);
        text.Gauge("rabbitmq_alarms_memory_used_watermark", "1: publishing is blocked, memory is short",
            o.Alarms.Any(a => a.Resource == "memory") ? 1 : 0);
        text.Gauge("levada_uptime_seconds", "Seconds since the listeners opened", Math.Round(o.Uptime.TotalSeconds, 3));
    }

    public static void WriteTraces(MetricsText text, Broker broker)
    {
        var (count, recording, _, bytes) = broker.Traces.Use();
        text.Gauge("levada_traces", "Traces, those that ended and are kept included", count);
        text.Gauge("levada_traces_recording", "Those that record", recording);
        text.Gauge("levada_trace_bytes", "Memory of all traces", bytes);
        text.Counter("levada_traces_started_total", "Traces started", broker.Traces.Started);
    }

    public static void WriteInternal(MetricsText text, Broker broker)
    {
        var (published, dropped, bytes) = broker.InternalMessages;
        text.Counter(
            "levada_internal_messages_total", "Messages of the broker's own: firehose, events, log", published);
        text.Counter(
            "levada_internal_messages_dropped_total", "Those dropped for internal_publish_max", dropped);
        text.Gauge("levada_internal_bytes", "Bytes of those under way to their queues", bytes);
    }
}
