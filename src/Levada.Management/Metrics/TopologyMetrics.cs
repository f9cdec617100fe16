using Levada.Amqp;
using Levada.Catalog;
using Levada.Exchanges;

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

    /// <summary>LavinMQ's family: what all connections there ever were have done in each virtual host.</summary>
    public static void WriteVHostMessages(MetricsText text, Broker broker, MetricsRequest request)
    {
        var totals = broker.Connections.TotalsByVHost();
        Each("vhost_messages_published_total", "counter", "Messages published in a virtual host",
            static (_, done) => done.Published);
        Each("vhost_messages_delivered_total", "counter", "Messages handed out in a virtual host",
            static (_, done) => done.HandedOut);
        Each("vhost_queues", "gauge", "Queues of a virtual host", static (vhost, _) => vhost.QueueCount);

        void Each(string name, string type, string help, Func<VHost, MessageCounters, long> figure)
        {
            name = MetricsRequest.Detailed(name);
            text.Family(name, type, help);
            foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
            {
                text.Sample(
                    name, figure(vhost, totals.GetValueOrDefault(vhost) ?? new MessageCounters()),
                    ("vhost", vhost.Name));
            }
        }
    }

    public static Task WriteBindingsAsync(
        MetricsText text, Broker broker, MetricsRequest request, CancellationToken cancellation) => WriteExchangesAsync(
            text, broker, request, "rabbitmq_cluster_exchange_bindings", "Bindings that start at an exchange",
            static exchange => exchange.BindingCount, cancellation);

    public static Task WriteNamesAsync(
        MetricsText text, Broker broker, MetricsRequest request, CancellationToken cancellation) => WriteExchangesAsync(
            text, broker, request, "rabbitmq_cluster_exchange_name", "Exchanges there are", static _ => 1,
            cancellation);

    /// <summary>LavinMQ's family.</summary>
    public static Task WriteDeduplicationAsync(
        MetricsText text, Broker broker, MetricsRequest request, CancellationToken cancellation) => WriteExchangesAsync(
            text, broker, request, MetricsRequest.Detailed("exchange_deduplication"),
            "Messages left out as duplicates so far", static exchange => exchange.Deduplicated, cancellation);

    private static async Task WriteExchangesAsync(
        MetricsText text, Broker broker, MetricsRequest request, string name, string help, Func<Exchange, long> figure,
        CancellationToken cancellation)
    {
        text.Family(name, "gauge", help);
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
        {
            foreach (var exchange in vhost.Exchanges())
            {
                text.Sample(
                    name, figure(exchange), ("vhost", vhost.Name), ("exchange", exchange.Name),
                    ("type", ExchangeTypes.Name(exchange.Type)));
                await text.FlushAsync(cancellation);
            }
        }
    }
}
