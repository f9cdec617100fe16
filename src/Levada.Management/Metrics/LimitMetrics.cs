namespace Levada.Management.Metrics;

/// <summary>Every bound under its configuration key, so that a dashboard can draw use against limit.</summary>
internal static class LimitMetrics
{
    public static void Write(MetricsText text, BrokerOptions o)
    {
        text.Gauge("rabbitmq_disk_space_available_limit_bytes", "Below this much free disk publishing is blocked",
            o.DiskFreeLimit);
        text.Family("levada_limit", "gauge", "A configured bound in its own unit; 0 is none where the key allows it");
        Limit("frame_max", o.FrameMax);
        Limit("channel_max", o.ChannelMax);
        Limit("connection_max", o.ConnectionMax);
        Limit("channel_max_per_node", o.ChannelMaxPerNode);
        Limit("consumer_max_per_channel", o.ConsumerMaxPerChannel);
        Limit("consumer_timeout", o.ConsumerTimeout.TotalMilliseconds);
        Limit("max_message_size", o.MaxMessageSize);
        Limit("heartbeat", o.Heartbeat);
        Limit("handshake_timeout", o.HandshakeTimeout.TotalMilliseconds);
        Limit("tls_handshake_max", o.TlsHandshakeMax);
        Limit("outbox_high_water", o.OutboxHighWater);
        Limit("publish_credit", o.PublishCredit);
        Limit("publish_credit_per_node", o.PublishCreditPerNode);
        Limit("parked_max", o.ParkedMax);
        Limit("listen_backlog", o.ListenBacklog);

        void Limit(string key, double value) => text.Sample("levada_limit", value, ("key", key));
    }
}
