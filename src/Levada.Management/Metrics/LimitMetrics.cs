namespace Levada.Management.Metrics;

/// <summary>Every bound under its configuration key, so that a dashboard can draw use against limit.</summary>
internal static class LimitMetrics
{
    public static void Write(
        MetricsText text, BrokerOptions o, IReadOnlyList<LimitUse> limits, (int Most, long Bytes) closed, int audited,
        int sampled)
    {
        text.Family("levada_limit", "gauge", "A configured bound in its own unit; 0 is none where the key allows it");
        foreach (var limit in limits)
            Limit(limit.Limit.Key, limit.Max);
        Limit("tls_handshake_max", o.TlsHandshakeMax);
        Limit("outbox_high_water", o.OutboxHighWater);
        Limit("publish_credit", o.PublishCredit);
        Limit("publish_credit_per_node", o.PublishCreditPerNode);
        Limit("parked_max", o.ParkedMax);
        Limit("unfinished_max", o.UnfinishedMax);
        Limit("listen_backlog", o.ListenBacklog);
        Limit("counted_pairs_max", o.CountedPairsMax);
        Limit("closed_history_max", o.ClosedHistoryMax);
        Limit("warning_max", o.Warnings.Max);
        Limit("trace_body_max", o.TraceBodyMax);
        Limit("audit_history_max", o.AuditHistoryMax);
        Limit("sampled_objects_max", o.SampledObjectsMax);
        Limit("log_history_bytes", o.LogHistoryBytes);
        Limit("http_request_max", o.HttpRequestMax);
        Limit("http_connection_max", o.HttpConnectionMax);
        Limit("login_failures_max", o.LoginFailuresMax);
        text.Family(
            "levada_limit_used", "gauge", "What is in use by the one that uses most; of sizes the largest so far");
        foreach (var limit in limits)
        {
            if (limit.Used is { } used)
                text.Sample("levada_limit_used", used, ("key", limit.Limit.Key));
        }
        text.Sample("levada_limit_used", closed.Most, ("key", "closed_history_max"));
        text.Sample("levada_limit_used", audited, ("key", "audit_history_max"));
        text.Sample("levada_limit_used", sampled, ("key", "sampled_objects_max"));
        text.Family("levada_limit_refused_total", "counter", "What was refused, or ended, because of it");
        foreach (var limit in limits)
            text.Sample("levada_limit_refused_total", limit.Limit.Refused, ("key", limit.Limit.Key));

        text.Gauge("levada_closed_history_bytes", "Memory of what is remembered of the closed", closed.Bytes);

        void Limit(string key, double value) => text.Sample("levada_limit", value, ("key", key));
    }
}
