using System.Diagnostics;
using System.Text;
using Levada.Protocol;

namespace Levada.Telemetry;

/// <summary>
/// Spans of messages that bring a W3C `traceparent` in their headers with the sampled flag set: one when a message is
/// published, one when it is delivered, both children of the span that the header names. The header is the client's
/// and goes on unchanged, as OpenTelemetry would have it of what stands between producer and consumer. Safe from any
/// thread; whoever listens to the source must not block.
/// </summary>
public sealed class MessageSpans
{
    /// <summary>What exporters listen to.</summary>
    public const string SourceName = "Levada";

    private const int TraceParentLength = 55;

    private static readonly ActivitySource Source = new(SourceName);
    private readonly TimeProvider _time;

    internal MessageSpans(TimeProvider time) => _time = time;

    /// <summary>The time for <see cref="Published"/>.</summary>
    internal DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>A message has been routed and handed to its queues.</summary>
    internal void Published(
        ReadOnlySpan<byte> headers, string vhost, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey,
        int queues, int bytes, DateTimeOffset started)
    {
        if (!TryFind(headers, out var parent))
            return;
        var to = exchange.IsEmpty ? routingKey : exchange;
        using var span = Start("publish", Encoding.UTF8.GetString(to), vhost, parent, started);
        span?.SetTag("messaging.rabbitmq.destination.routing_key", Encoding.UTF8.GetString(routingKey));
        span?.SetTag("messaging.message.body.size", bytes);
        span?.SetTag("levada.queues", queues);
        span?.SetEndTime(Now.UtcDateTime);
    }

    /// <summary>A message goes to a consumer.</summary>
    internal void Delivered(ReadOnlySpan<byte> headers, string vhost, string queue, string consumer, bool redelivered)
    {
        if (!TryFind(headers, out var parent))
            return;
        using var span = Start("deliver", queue, vhost, parent, Now);
        span?.SetTag("messaging.consumer.group.name", consumer);
        span?.SetTag("levada.redelivered", redelivered);
        span?.SetEndTime(Now.UtcDateTime);
    }

    /// <summary>The sampled context in a headers table; false if there is none, or it is not well-formed.</summary>
    internal static bool TryFind(ReadOnlySpan<byte> headers, out ActivityContext context)
    {
        context = default;
        for (var reader = new FieldTableReader(headers); reader.Next();)
        {
            if (!reader.Key.SequenceEqual("traceparent"u8))
                continue;
            return reader.Type == FieldType.LongString && reader.Value.Length >= TraceParentLength
                && ActivityContext.TryParse(
                    Encoding.ASCII.GetString(reader.Value), traceState: null, isRemote: true, out context)
                && (context.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        }
        return false;
    }

    private static Activity? Start(
        string operation, string destination, string vhost, ActivityContext parent, DateTimeOffset started)
    {
        var span = Source.StartActivity(
            $"{operation} {destination}", ActivityKind.Internal, parent, startTime: started);
        span?.SetTag("messaging.system", "rabbitmq");
        span?.SetTag("messaging.operation.name", operation);
        span?.SetTag("messaging.destination.name", destination);
        span?.SetTag("levada.vhost", vhost);
        return span;
    }
}
