using Levada.Amqp;

namespace Levada.Management.Metrics;

/// <summary>What the node is, holds and has done.</summary>
internal static class NodeMetrics
{
    public static void WriteIdentity(MetricsText text, Broker broker)
    {
        text.Family("rabbitmq_identity_info", "gauge", "Node and cluster");
        text.Sample("rabbitmq_identity_info", 1,
            ("rabbitmq_node", broker.NodeName), ("rabbitmq_cluster", broker.NodeName));
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
        text.Sample("rabbitmq_global_consumers", queues.Consumers, ("protocol", "amqp091"));
        text.Family("rabbitmq_global_publishers", "gauge", "Channels that have published");
        text.Sample("rabbitmq_global_publishers", clients.Publishers, ("protocol", "amqp091"));
    }

    /// <summary>Sums that stand where <see cref="ObjectMetrics"/> has one of each object.</summary>
    public static void WriteClients(MetricsText text, ClientSums c)
    {
        text.Gauge("rabbitmq_connection_channels", "Channels of all connections", c.Channels);
        text.Gauge("rabbitmq_channel_consumers", "Consumers of all channels", c.Consumers);
        text.Gauge("rabbitmq_channel_messages_unacked", "Deliveries not yet acknowledged", c.Unacknowledged);
        text.Gauge("rabbitmq_channel_messages_unconfirmed", "Publishes not yet confirmed", c.Unconfirmed);
        text.Gauge("rabbitmq_channel_messages_uncommitted", "Publishes of open transactions", c.Uncommitted);
        text.Gauge("rabbitmq_channel_acks_uncommitted", "Settles of open transactions", c.AcksUncommitted);
        text.Gauge("rabbitmq_consumer_prefetch", "Prefetch of new consumers, of all channels", c.Prefetch);
        text.Gauge("rabbitmq_channel_prefetch", "Prefetch of whole channels, of all of them", c.GlobalPrefetch);
    }

    /// <summary>The same for counters; over all that there ever were.</summary>
    public static void WriteTotals(MetricsText text, BrokerOverview o)
    {
        var (m, p) = (o.Messages, o.Path);
        text.Counter("rabbitmq_connection_incoming_bytes_total", "Bytes received by AMQP", p.BytesReceived);
        text.Counter("rabbitmq_connection_outgoing_bytes_total", "Bytes sent by AMQP", p.BytesSent);
        text.Counter("rabbitmq_connection_incoming_packets_total", "Receive calls that got bytes", p.SocketReceives);
        text.Counter("rabbitmq_connection_outgoing_packets_total", "Send calls", p.SocketSends);
        Channel("messages_published_total", "Messages published", m.Published);
        Channel("messages_confirmed_total", "Publishes confirmed", m.Confirmed);
        Channel("messages_unroutable_returned_total", "Messages returned", m.Returned);
        Channel("messages_unroutable_dropped_total", "Messages that led to no queue", m.DroppedUnroutable);
        Channel("get_ack_total", "Got, to be acknowledged", m.GotManualAck);
        Channel("get_total", "Got, no acknowledgement", m.GotAutoAck);
        Channel("get_empty_total", "basic.get on an empty queue", m.GotEmpty);
        Channel("messages_delivered_ack_total", "Delivered, to be acknowledged", m.DeliveredManualAck);
        Channel("messages_delivered_total", "Delivered, no acknowledgement", m.DeliveredAutoAck);
        Channel("messages_redelivered_total", "Handed out again", m.Redelivered);
        Channel("messages_acked_total", "Messages acknowledged", m.Acked);
        text.Counter("rabbitmq_queue_messages_published_total", "Messages that came into queues", m.Routed);
        text.Gauge("rabbitmq_queue_consumers", "Consumers of all queues", o.Consumers);
        text.Gauge("rabbitmq_queue_messages", "Messages in queues", o.MessagesReady + o.MessagesUnacked);
        text.Gauge("rabbitmq_queue_messages_ready", "Messages ready to be delivered", o.MessagesReady);
        text.Gauge("rabbitmq_queue_messages_unacked", "Messages delivered, not acknowledged", o.MessagesUnacked);
        text.Gauge("rabbitmq_queue_messages_bytes", "Bytes of all bodies", o.MessageBytesReady + o.MessageBytesUnacked);
        text.Gauge("rabbitmq_queue_messages_ready_bytes", "Bytes of the ready bodies", o.MessageBytesReady);
        text.Gauge(
            "rabbitmq_queue_messages_unacked_bytes", "Bytes of the unacknowledged bodies", o.MessageBytesUnacked);

        void Channel(string name, string help, long value) => text.Counter($"rabbitmq_channel_{name}", help, value);
    }

    public static void WriteMessages(MetricsText text, MessageTotals m)
    {
        Global("messages_received_total", "Messages published", m.Published);
        Global("messages_routed_total", "Messages that came into queues, once for each queue", m.Routed);
        Global("messages_confirmed_total", "Publishes confirmed with an ack", m.Confirmed);
        Global("messages_unroutable_returned_total", "Messages returned", m.Returned);
        Global("messages_unroutable_dropped_total", "Messages that led to no queue", m.DroppedUnroutable);
        Global("messages_delivered_total", "Messages handed out",
            m.DeliveredManualAck + m.DeliveredAutoAck + m.GotManualAck + m.GotAutoAck);
        Global("messages_delivered_consume_manual_ack_total", "Delivered, to be acknowledged", m.DeliveredManualAck);
        Global("messages_delivered_consume_auto_ack_total", "Delivered, no acknowledgement", m.DeliveredAutoAck);
        Global("messages_delivered_get_manual_ack_total", "Got, to be acknowledged", m.GotManualAck);
        Global("messages_delivered_get_auto_ack_total", "Got, no acknowledgement", m.GotAutoAck);
        Global("messages_get_empty_total", "basic.get on an empty queue", m.GotEmpty);
        Global("messages_redelivered_total", "Handed out again", m.Redelivered);
        Global("messages_acknowledged_total", "Messages acknowledged", m.Acked);
        text.Counter("levada_messages_deduplicated_total", "Messages left out as duplicates", m.Deduplicated);
        text.Counter("levada_messages_expired_total", "Messages whose time to live was over", m.Expired);
        text.Counter(
            "levada_messages_dropped_by_length_total", "Messages dropped from the head of a full queue",
            m.DroppedByLength);
        text.Counter(
            "levada_messages_refused_by_length_total", "Messages that a full queue refused", m.RefusedByLength);
        text.Counter(
            "levada_messages_dropped_by_deliveries_total", "Messages over their delivery limit",
            m.DroppedByDeliveries);
        text.Counter("levada_messages_dead_lettered_total", "Messages that went on elsewhere", m.DeadLettered);
        text.Counter("levada_messages_nacked_total", "Publishes answered with a nack", m.Nacked);
        text.Counter("levada_messages_rejected_total", "Deliveries rejected by consumers", m.Rejected);

        void Global(string name, string help, long value)
        {
            name = "rabbitmq_global_" + name;
            text.Family(name, "counter", help);
            text.Sample(name, value, ("protocol", "amqp091"));
        }
    }

    public static void WriteChurn(MetricsText text, ChurnTotals c, Churn all)
    {
        WriteChurn(text, static name => $"rabbitmq_{name}", c, all);
        text.Counter("levada_handshakes_failed_total", "Sockets that never became a connection", c.HandshakesFailed);
    }

    public static void WriteChurn(MetricsText text, Func<string, string> named, ChurnTotals c, Churn all)
    {
        text.Counter(named("connections_opened_total"), "Connections opened", c.ConnectionsOpened);
        text.Counter(named("connections_closed_total"), "Connections closed", c.ConnectionsClosed);
        text.Counter(named("channels_opened_total"), "Channels opened", c.ChannelsOpened);
        text.Counter(named("channels_closed_total"), "Channels closed", c.ChannelsClosed);
        text.Counter(named("queues_declared_total"), "queue.declare answered", c.QueuesDeclared);
        text.Counter(named("queues_created_total"), "Queues created", c.QueuesCreated);
        text.Counter(named("queues_deleted_total"), "Queues deleted", c.QueuesDeleted);
        text.Counter(named("consumers_added_total"), "basic.consume, refused ones too", all.ConsumersOpened);
        text.Counter(named("consumers_removed_total"), "Consumers that went", all.ConsumersClosed);
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
