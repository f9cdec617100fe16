using System.Diagnostics;
using Levada.Management.Api;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Metrics;

/// <summary>
/// GET /metrics and below: figures under RabbitMQ's names where it has the same, so that its dashboards work; ours
/// begin with levada_. All of it is counted at the moment that it is asked for.
/// </summary>
internal sealed class MetricsEndpoint(Broker broker, BrokerOptions options)
{
    /// <summary>Figures of the node; of each object, if the configuration says so.</summary>
    public Task AggregatedAsync(HttpContext context) => options.MetricsPerObject
        ? PerObjectAsync(context)
        : AnswerAsync(context, (text, request, _) => WriteAggregatedAsync(text, request));

    /// <summary>Figures of the node, for who has no request.</summary>
    public Task WriteAggregatedAsync(MetricsText text, MetricsRequest request)
    {
        WriteNode(text, request);
        NodeMetrics.WriteClients(text, ClientSums.Of(broker, request));
        NodeMetrics.WriteTotals(text, broker.GetOverview());
        return MemoryMetrics.WriteAsync(text, broker);
    }

    /// <summary>The same, with figures of each connection, channel and queue instead of their sums.</summary>
    public Task PerObjectAsync(HttpContext context) => AnswerAsync(context, async (text, request, cancellation) =>
    {
        WriteNode(text, request);
        var objects = new ObjectMetrics(broker, request, text, static name => $"rabbitmq_{name}", cancellation);
        await objects.ConnectionBytesAsync();
        await objects.ConnectionsAsync();
        await objects.ChannelsAsync();
        var pairs = new PairMetrics(broker, request, text, static name => $"rabbitmq_{name}", cancellation);
        await pairs.PublishesAsync();
        await pairs.DeliveriesAsync();
        await pairs.RoutesAsync();
        await objects.QueueMessagesAsync();
        await objects.QueueConsumersAsync();
        await objects.QueuesAsync();
        LoginMetrics.WriteSources(text, static name => $"rabbitmq_{name}", broker);
    });

    /// <summary>?family=NAME chooses what there is of each object, ?vhost=NAME of which of them.</summary>
    public Task DetailedAsync(HttpContext context) => AnswerAsync(context, async (text, request, cancellation) =>
    {
        NodeMetrics.WriteIdentity(text, broker);
        var families = new DetailedFamilies(broker, options, request, text, cancellation);
        foreach (var family in request.Families.Distinct(StringComparer.Ordinal))
            await families.WriteAsync(family);
    });

    /// <summary>Where the process's memory is, alone.</summary>
    public Task MemoryAsync(HttpContext context) =>
        AnswerAsync(context, (text, _, _) => MemoryMetrics.WriteAsync(text, broker));

    private void WriteNode(MetricsText text, MetricsRequest request)
    {
        var overview = broker.GetOverview();
        var node = broker.TakeSnapshot();
        NodeMetrics.WriteIdentity(text, broker);
        NodeMetrics.WriteObjects(text, overview, QueueSums.Of(broker, request), ClientSums.Of(broker, request));
        NodeMetrics.WriteMessages(text, overview);
        NodeMetrics.WriteChurn(text, overview.Churn, broker.Connections.Churn);
        ArrivalMetrics.Write(text, broker);
        NodeMetrics.WriteAlarms(text, overview);
        PathMetrics.Write(text, overview.Path, broker.Timings);
        ConnectionMetrics.Write(text, node);
        ConnectionMetrics.WriteUsage(text, broker.Connections.TakeUsage());
        WarningMetrics.Write(text, broker.Warnings);
        OperatorMetrics.Write(text, broker);
        LogMetrics.Write(text, broker);
        LoginMetrics.Write(text, broker);
        CountMetrics.Write(text, broker);
        ProcessMetrics.Write(text, overview, options);
        NodeMetrics.WriteTraces(text, broker);
        NodeMetrics.WriteInternal(text, broker);
        LimitMetrics.Write(
            text, options, broker.GetLimits(node), broker.Closed.Use(), broker.Actions.Audit.Count,
            broker.History.Watched.Count);
        if (request.Prefix != "rabbitmq")
            LavinMetrics.Write(text, overview, QueueSums.Of(broker, request));
    }

    private static async Task AnswerAsync(
        HttpContext context, Func<MetricsText, MetricsRequest, CancellationToken, Task> write)
    {
        if (MetricsRequest.Read(context) is not { } request)
        {
            await Reply.BadRequestAsync(context, "prefix begins names: up to 20 letters, digits and _, no digit first");
            return;
        }
        var started = Stopwatch.GetTimestamp();
        context.Response.ContentType = request.ContentType;
        var text = new MetricsText(context.Response.BodyWriter, request.Prefix, request.IsOpenMetrics);
        await write(text, request, context.RequestAborted);
        text.Gauge(
            "rabbitmq_telemetry_scrape_duration_seconds", "How long it took to write this",
            Stopwatch.GetElapsedTime(started).TotalSeconds);
        await text.EndAsync(context.RequestAborted);
    }
}
