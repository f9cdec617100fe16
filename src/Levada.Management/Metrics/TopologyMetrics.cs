namespace Levada.Management.Metrics;

/// <summary>Virtual hosts and exchanges, for detailed answers.</summary>
internal static class TopologyMetrics
{
    public static void WriteVHosts(MetricsText text, Broker broker, MetricsRequest request)
    {
        text.Family("rabbitmq_cluster_vhost_status", "gauge", "Whether a virtual host runs");
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
            text.Sample("rabbitmq_cluster_vhost_status", 1, ("vhost", vhost.Name));
    }

    public static void WriteVHostQueues(MetricsText text, Broker broker, MetricsRequest request)
    {
        var name = MetricsRequest.Detailed("vhost_queues");
        text.Family(name, "gauge", "Queues of a virtual host");
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
            text.Sample(name, vhost.Queues().Count, ("vhost", vhost.Name));
    }

    public static async Task WriteExchangesAsync(
        MetricsText text, Broker broker, MetricsRequest request, bool bindings, CancellationToken cancellation)
    {
        var name = bindings ? "rabbitmq_cluster_exchange_bindings" : "rabbitmq_cluster_exchange_name";
        text.Family(name, "gauge", bindings ? "Bindings that start at an exchange" : "Exchanges there are");
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
        {
            foreach (var exchange in vhost.Exchanges())
            {
                text.Sample(
                    name, bindings ? exchange.BindingCount : 1, ("vhost", vhost.Name), ("exchange", exchange.Name),
                    ("type", Exchanges.ExchangeTypes.Name(exchange.Type)));
                await text.FlushAsync(cancellation);
            }
        }
    }
}
