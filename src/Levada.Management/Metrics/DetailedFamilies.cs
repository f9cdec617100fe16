namespace Levada.Management.Metrics;

/// <summary>The families of /metrics/detailed, by RabbitMQ's and LavinMQ's names.</summary>
internal sealed class DetailedFamilies(
    Broker broker, BrokerOptions options, MetricsRequest request, MetricsText text, CancellationToken cancellation)
{
    private readonly ObjectMetrics _objects = new(broker, request, text, MetricsRequest.Detailed, cancellation);
    private readonly PairMetrics _pairs = new(broker, request, text, MetricsRequest.Detailed, cancellation);

    private const string RouteFamily = "channel_queue_exchange_metrics";

    // Two names of one family must not write it twice.
    private readonly HashSet<string> _written = [];

    public async Task WriteAsync(string family)
    {
        switch (family)
        {
            case "connection_coarse_metrics":
                await OnceAsync("connection_bytes", _objects.ConnectionBytesAsync);
                break;
            case "connection_metrics":
                // LavinMQ's has the bytes as well.
                await OnceAsync("connection_bytes", _objects.ConnectionBytesAsync);
                await _objects.ConnectionsAsync();
                break;
            case "channel_metrics":
                await _objects.ChannelsAsync();
                break;
            case "channel_exchange_metrics":
                await _pairs.PublishesAsync();
                break;
            case "channel_queue_metrics":
                await _pairs.DeliveriesAsync();
                break;
            case RouteFamily:
                await _pairs.RoutesAsync();
                break;
            case "queue_coarse_metrics":
                await _objects.QueueMessagesAsync();
                break;
            case "queue_consumer_count":
                await OnceAsync("queue_consumers", _objects.QueueConsumersAsync);
                break;
            case "queue_metrics":
                await OnceAsync("queue_consumers", _objects.QueueConsumersAsync);
                // The same name with other labels; one answer has it once.
                if (!request.Families.Contains(RouteFamily))
                    await _objects.QueuePublishesAsync();
                await _objects.QueuesAsync();
                break;
            case "exchange_bindings":
                await TopologyMetrics.WriteBindingsAsync(text, broker, request, cancellation);
                break;
            case "exchange_names":
                await TopologyMetrics.WriteNamesAsync(text, broker, request, cancellation);
                break;
            case "exchange_metrics":
                await TopologyMetrics.WriteDeduplicationAsync(text, broker, request, cancellation);
                break;
            default:
                WriteOfNode(family);
                break;
        }
        await text.FlushAsync(cancellation);
    }

    private void WriteOfNode(string family)
    {
        var overview = broker.GetOverview();
        switch (family)
        {
            case "connection_churn_metrics":
                NodeMetrics.WriteChurn(
                    text, MetricsRequest.Detailed(""), overview.Churn, broker.Connections.Churn);
                break;
            case "auth_attempt_metrics":
                LoginMetrics.WriteProtocols(text, MetricsRequest.Detailed, broker);
                break;
            case "auth_attempt_detailed_metrics":
                LoginMetrics.WriteSources(text, MetricsRequest.Detailed, broker);
                break;
            case "node_coarse_metrics":
                ProcessMetrics.WriteUse(text, MetricsRequest.Detailed);
                break;
            case "node_metrics":
                ProcessMetrics.WriteBounds(text, MetricsRequest.Detailed, overview, options);
                break;
            case "node_persister_metrics":
                PathMetrics.WriteDisk(text, MetricsRequest.Detailed, overview.Path, broker.Timings);
                break;
            case "vhost_status":
                TopologyMetrics.WriteVHosts(text, broker, request);
                break;
            case "vhost_message_stats":
                TopologyMetrics.WriteVHostMessages(text, broker, request);
                break;
            default:
                text.Comment($"there is no family {family}; docs/metrics.md has them all");
                break;
        }
    }

    private Task OnceAsync(string name, Func<Task> write) => _written.Add(name) ? write() : Task.CompletedTask;
}
