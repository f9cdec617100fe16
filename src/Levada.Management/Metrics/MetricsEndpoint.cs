using System.Text;
using System.Text.Json;
using Levada.Transports;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Metrics;

/// <summary>
/// GET /metrics: figures under RabbitMQ's names where it has the same, so that its dashboards work; ours begin with
/// levada_.
/// </summary>
internal sealed class MetricsEndpoint(Broker broker, BrokerOptions options)
{
    public Task GetAsync(HttpContext context)
    {
        var text = new MetricsText();
        var overview = broker.GetOverview();
        WriteIdentity(text);
        WriteObjects(text, overview);
        WriteMessages(text, overview.Messages);
        WriteChurn(text, overview.Churn);
        WriteArrivals(text, broker.Arrivals);
        WriteAlarms(text, overview);
        WritePath(text, overview);
        var node = broker.TakeSnapshot();
        ConnectionMetrics.Write(text, node);
        ConnectionMetrics.WriteUsage(text, broker.Connections.TakeUsage());
        WarningMetrics.Write(text, broker.Warnings);
        OperatorMetrics.Write(text, broker);
        LogMetrics.Write(text, broker);
        ProcessMetrics.Write(text);
        WriteTraces(text);
        WriteInternal(text);
        LimitMetrics.Write(text, options, overview, broker.GetLimits(node), broker.Closed.Use(),
            broker.Actions.Audit.Count);
        context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        return context.Response.Body.WriteAsync(
            Encoding.UTF8.GetBytes(text.ToString()), context.RequestAborted).AsTask();
    }

    private void WriteIdentity(MetricsText text)
    {
        text.Family("rabbitmq_identity_info", "gauge", "Node and cluster");
        text.Sample("rabbitmq_identity_info", 1,
            ("rabbitmq_node", broker.NodeName), ("rabbitmq_cluster", broker.NodeName));
        text.Family("rabbitmq_build_info", "gauge", "Product and version");
        text.Sample("rabbitmq_build_info", 1,
            ("product_name", "Levada"), ("product_version", Broker.Version),
            ("dotnet_version", Environment.Version.ToString()));
    }

    private static void WriteObjects(MetricsText text, BrokerOverview o)
    {
        text.Gauge("rabbitmq_connections", "Connections open", o.Connections);
        text.Gauge("rabbitmq_channels", "Channels open", o.Channels);
        text.Gauge("rabbitmq_consumers", "Consumers", o.Consumers);
        text.Gauge("rabbitmq_queues", "Queues", o.Queues);
        text.Gauge("levada_exchanges", "Exchanges", o.Exchanges);
        text.Gauge(
            "levada_recent_history_bytes", "Bytes that x-recent-history exchanges remember", o.RecentHistoryBytes);
        text.Gauge("levada_messages_delayed", "Messages that x-delayed-message exchanges hold back", o.MessagesDelayed);
        text.Gauge("rabbitmq_queue_messages", "Messages in queues", o.MessagesReady + o.MessagesUnacked);
        text.Gauge("rabbitmq_queue_messages_ready", "Messages ready to be delivered", o.MessagesReady);
        text.Gauge("rabbitmq_queue_messages_unacked", "Messages delivered, not acknowledged", o.MessagesUnacked);
        text.Gauge("rabbitmq_queue_messages_ready_bytes", "Bytes of the ready bodies", o.MessageBytesReady);
        text.Gauge(
            "rabbitmq_queue_messages_unacked_bytes", "Bytes of the unacknowledged bodies", o.MessageBytesUnacked);
    }

    private static void WriteMessages(MetricsText text, MessageTotals m)
    {
        Global("messages_received_total", "Messages published", m.Published);
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

    private static void WriteChurn(MetricsText text, ChurnTotals c)
    {
        text.Counter("rabbitmq_connections_opened_total", "Connections opened", c.ConnectionsOpened);
        text.Counter("rabbitmq_connections_closed_total", "Connections closed", c.ConnectionsClosed);
        text.Counter("levada_handshakes_failed_total", "Sockets that never became a connection", c.HandshakesFailed);
        text.Counter("rabbitmq_channels_opened_total", "Channels opened", c.ChannelsOpened);
        text.Counter("rabbitmq_channels_closed_total", "Channels closed", c.ChannelsClosed);
        text.Counter("rabbitmq_queues_declared_total", "queue.declare answered", c.QueuesDeclared);
        text.Counter("rabbitmq_queues_created_total", "Queues created", c.QueuesCreated);
        text.Counter("rabbitmq_queues_deleted_total", "Queues deleted", c.QueuesDeleted);
        text.Counter("rabbitmq_auth_attempts_total", "Logins tried", c.LoginsSucceeded + c.LoginsFailed);
        text.Counter("rabbitmq_auth_attempts_succeeded_total", "Logins that succeeded", c.LoginsSucceeded);
        text.Counter("rabbitmq_auth_attempts_failed_total", "Logins refused", c.LoginsFailed);
    }

    private void WriteArrivals(MetricsText text, Arrivals arrivals)
    {
        text.Family("levada_accepted_total", "counter", "Sockets accepted, by listener");
        foreach (var (kind, count) in arrivals.Accepted)
            text.Sample("levada_accepted_total", count, ("listener", Label(kind)));
        text.Family("levada_refused_total", "counter", "Sockets turned away before any AMQP, by listener and reason");
        foreach (var (kind, reason, count) in arrivals.Refused)
            text.Sample("levada_refused_total", count, ("listener", Label(kind)), ("reason", Label(reason)));

        text.Gauge("levada_tls_handshakes", "TLS handshakes that run now", broker.TlsHandshakes);
        text.Family("levada_tls_certificate_not_after_seconds", "gauge", "When a certificate expires, in Unix time");
        foreach (var (host, until) in broker.CertificateExpiries)
        {
            text.Sample("levada_tls_certificate_not_after_seconds", new DateTimeOffset(until).ToUnixTimeSeconds(),
                ("host", host));
        }

        static string Label(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }

    private void WriteTraces(MetricsText text)
    {
        var (count, recording, _, bytes) = broker.Traces.Use();
        text.Gauge("levada_traces", "Traces, those that ended and are kept included", count);
        text.Gauge("levada_traces_recording", "Those that record", recording);
        text.Gauge("levada_trace_bytes", "Memory of all traces", bytes);
        text.Counter("levada_traces_started_total", "Traces started", broker.Traces.Started);
    }

    private void WriteInternal(MetricsText text)
    {
        var (published, dropped, bytes) = broker.InternalMessages;
        text.Counter(
            "levada_internal_messages_total", "Messages of the broker's own: firehose, events, log", published);
        text.Counter(
            "levada_internal_messages_dropped_total", "Those dropped for internal_publish_max", dropped);
        text.Gauge("levada_internal_bytes", "Bytes of those under way to their queues", bytes);
    }

    private static void WriteAlarms(MetricsText text, BrokerOverview o)
    {
        text.Gauge("rabbitmq_alarms_free_disk_space_watermark", "1: publishing is blocked, the disk is nearly full",
            o.Alarms.Any(a => a.Resource == "disk") ? 1 : 0);
        text.Gauge("rabbitmq_alarms_memory_used_watermark", "1: publishing is blocked, memory is short",
            o.Alarms.Any(a => a.Resource == "memory") ? 1 : 0);
        text.Gauge("rabbitmq_disk_space_available_bytes", "Bytes free where the data folder is", o.DiskFree);
        text.Gauge("levada_uptime_seconds", "Seconds since the listeners opened", Math.Round(o.Uptime.TotalSeconds, 3));
    }

    private static void WritePath(MetricsText text, BrokerOverview o)
    {
        var p = o.Path;
        text.Counter("rabbitmq_connection_incoming_bytes_total", "Bytes received by AMQP", p.BytesReceived);
        text.Counter("rabbitmq_connection_outgoing_bytes_total", "Bytes sent by AMQP", p.BytesSent);
        text.Counter("levada_socket_receives_total", "Receive calls that got bytes", p.SocketReceives);
        text.Counter("levada_socket_sends_total", "Send calls", p.SocketSends);
        text.Counter("levada_shard_turns_total", "Turns of all shards", p.Turns);
        text.Counter("levada_journal_syncs_total", "fdatasync calls on journals", p.JournalSyncs);
        text.Counter("levada_journal_written_bytes_total", "Bytes written to journals", p.JournalBytesWritten);
        text.Gauge("levada_body_files", "Bodies over 1 MiB, each a file", p.BodyFiles);
        text.Gauge("levada_body_file_bytes", "Bytes in these files", p.BodyFileBytes);
    }
}
