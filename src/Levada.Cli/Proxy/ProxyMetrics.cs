using System.IO.Pipelines;
using Levada.Management.Metrics;

namespace Levada.Cli.Proxy;

/// <summary>The proxy's figures in Prometheus' text format.</summary>
internal static class ProxyMetrics
{
    public static ValueTask WriteAsync(PipeWriter output, ProxyServer proxy, CancellationToken cancellation)
    {
        var text = new MetricsText(output);
        WriteClients(text, proxy);
        WriteUpstream(text, proxy);
        WriteLimits(text, proxy.Options);
        ProcessMetrics.WriteUse(text, static name => $"rabbitmq_{name}");
        ProcessMetrics.WriteRuntime(text);
        return text.EndAsync(cancellation);
    }

    private static void WriteClients(MetricsText text, ProxyServer proxy)
    {
        var counters = proxy.Counters;
        var clients = proxy.Clients;
        text.Gauge("levada_proxy_clients", "Clients connected", clients.Count);
        text.Gauge("levada_proxy_client_channels", "Channels of clients", clients.Sum(static c => (long)c.Channels));
        text.Gauge("levada_proxy_client_waiting_bytes", "Octets that wait for clients to read",
            clients.Sum(static c => (long)c.Link.Waiting));
        text.Counter("levada_proxy_clients_total", "Clients accepted", counters.ClientsAccepted.Value);
        text.Counter("levada_proxy_clients_refused_total", "Clients turned away by --max-clients",
            counters.ClientsRefused.Value);
        text.Counter("levada_proxy_logins_refused_total", "Logins that the broker or the proxy refused",
            counters.LoginsRefused.Value);
        text.Counter("levada_proxy_slow_clients_total", "Clients ended because they did not read",
            counters.SlowClients.Value);
        text.Counter("levada_proxy_client_received_bytes_total", "Octets from clients", counters.Clients.In.Value);
        text.Counter("levada_proxy_client_sent_bytes_total", "Octets to clients", counters.Clients.Out.Value);
        text.Gauge("levada_proxy_draining", "1 once it takes no more clients", proxy.IsDraining ? 1 : 0);
    }

    private static void WriteUpstream(MetricsText text, ProxyServer proxy)
    {
        var counters = proxy.Counters;
        var connections = proxy.Connections;
        text.Family("levada_proxy_upstream_connections", "gauge", "Connections to the broker");
        Connections("shared", connections.Count(static c => c.Owner is null));
        Connections("own", connections.Count(static c => c.Owner is not null));
        text.Family("levada_proxy_upstream_channels", "gauge", "Channels at the broker");
        Channels("leased", connections.Sum(static c => (long)c.LeasedChannels));
        Channels("spare", connections.Sum(static c => (long)c.SpareChannels));
        text.Gauge("levada_proxy_upstream_waiting_bytes", "Octets that wait for the broker to read",
            connections.Sum(static c => (long)c.Link.Waiting));
        text.Gauge("levada_proxy_upstream_blocked", "Connections on which the broker takes no publishes",
            connections.Count(static c => c.BlockedReason is not null));
        text.Counter("levada_proxy_upstream_opened_total", "Connections opened", counters.UpstreamOpened.Value);
        text.Counter("levada_proxy_upstream_failed_total", "Attempts that did not reach the broker",
            counters.UpstreamFailed.Value);
        text.Counter("levada_proxy_channels_opened_total", "Channels opened by clients", counters.ChannelsOpened.Value);
        text.Counter("levada_proxy_channels_ready_total", "Of those, answered from a spare one",
            counters.ChannelsReady.Value);
        text.Counter("levada_proxy_channels_moved_total", "Channels moved to a connection of the client's own",
            counters.ChannelsMoved.Value);
        text.Counter("levada_proxy_upstream_received_bytes_total", "Octets from the broker",
            counters.Upstream.In.Value);
        text.Counter("levada_proxy_upstream_sent_bytes_total", "Octets to the broker", counters.Upstream.Out.Value);

        void Connections(string kind, double value) =>
            text.Sample("levada_proxy_upstream_connections", value, ("kind", kind));

        void Channels(string state, double value) =>
            text.Sample("levada_proxy_upstream_channels", value, ("state", state));
    }

    private static void WriteLimits(MetricsText text, ProxyOptions options)
    {
        text.Family("levada_proxy_limit", "gauge", "A bound under the name of its option, in its own unit");
        Limit("max-clients", options.MaxClients);
        Limit("max-upstream-channels", options.MaxUpstreamChannels);
        Limit("spare-channels", options.SpareChannels);
        Limit("client-buffer", options.ClientBuffer);
        Limit("max-message-size", options.MaxMessageSize);
        Limit("idle-connection-timeout", options.IdleConnectionTimeout.TotalSeconds);
        Limit("handshake-timeout", options.HandshakeTimeout.TotalSeconds);
        Limit("drain-timeout", options.DrainTimeout.TotalSeconds);

        void Limit(string option, double value) => text.Sample("levada_proxy_limit", value, ("option", option));
    }
}
