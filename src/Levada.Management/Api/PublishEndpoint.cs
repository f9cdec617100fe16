using System.Text;
using System.Text.Json;
using Levada.Amqp;
using Levada.Catalog;
using Levada.Definitions;
using Levada.Operations;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// POST /api/exchanges/VHOST/NAME/publish, by the rights of the asking user, and /api/aliveness-test/VHOST.
/// </summary>
internal sealed class PublishEndpoint(Broker broker)
{
    private const string AlivenessQueue = "aliveness-test";

    /// <summary>
    /// {"routing_key": K, "payload": P, "payload_encoding": "string" or "base64", "properties": {...}}. {"routed": B}
    /// says whether there was a queue for it.
    /// </summary>
    public async Task PublishAsync(HttpContext context)
    {
        if (ExchangesEndpoint.Find(broker, context) is not { } exchange)
        {
            var vhost = PathName.Of(context, "vhost");
            await Reply.BadRequestAsync(
                context, $"404 NOT_FOUND - no exchange '{ExchangesEndpoint.NameOf(context)}' in vhost '{vhost}'");
            return;
        }
        if (await RequestBody.ReadAsync(context, PublishOrder.Read) is not { } order)
            return;
        if (order.Body.Length > OperatorActions.PublishMax)
        {
            await Reply.ErrorAsync(
                context, StatusCodes.Status413PayloadTooLarge, "payload_too_large",
                $"A payload over HTTP may have {OperatorActions.PublishMax} bytes: publish larger ones over AMQP");
            return;
        }
        var isRouted = false;
        await OperatorEndpoint.AnswerAsync(
            context,
            by => broker.Actions.PublishAsync(
                by, ExchangesEndpoint.VHostOf(broker, context)!, exchange, order.RoutingKey, order.Properties,
                order.Body, routed => isRouted = routed),
            StatusCodes.Status200OK);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            await Reply.OkAsync(context, new RoutedReply(isRouted), ApiJson.Default.RoutedReply);
    }

    /// <summary>Declares a queue, publishes to it and takes the message out again.</summary>
    public async Task TestAsync(HttpContext context)
    {
        var vhost = ExchangesEndpoint.VHostOf(broker, context)!;
        await OperatorEndpoint.AnswerAsync(
            context, by => TestAsync(by, vhost), StatusCodes.Status200OK, StatusCodes.Status503ServiceUnavailable);
        if (context.Response.StatusCode == StatusCodes.Status200OK)
            await Reply.OkAsync(context, new StatusReply("ok"), ApiJson.Default.StatusReply);
    }

    private async Task<OperatorResult> TestAsync(OperatorRequest by, VHost vhost)
    {
        var declared = await broker.Actions.DeclareQueueAsync(by, vhost, new QueueDeclare(AlivenessQueue));
        if (declared.Outcome is not (OperatorOutcome.Done or OperatorOutcome.AlreadySo))
            return declared;
        if (vhost.FindQueue(Encoding.UTF8.GetBytes(AlivenessQueue)) is not { } queue)
            return new OperatorResult(OperatorOutcome.Gone);
        var published = await broker.Actions.PublishAsync(
            by, vhost, vhost.DefaultExchange, AlivenessQueue, new BasicProperties(), "test_message"u8.ToArray(),
            static _ => { });
        if (published.Outcome != OperatorOutcome.Done)
            return published;
        IReadOnlyList<SeenMessage> seen = [];
        var got = await broker.Actions.FetchAsync(by, vhost, queue, 1, FetchFate.Acknowledged, all => seen = all);
        foreach (var message in seen)
            message.Dispose();
        return got.Outcome == OperatorOutcome.Done && seen.Count == 0
            ? new OperatorResult(OperatorOutcome.Refused, "the message that was published does not come back")
            : got;
    }

    private sealed record PublishOrder(string RoutingKey, byte[] Body, BasicProperties Properties)
    {
        public static PublishOrder Read(DefinitionObject from)
        {
            var (key, payload) = (from.Text("routing_key"), from.Text("payload"));
            var properties = from.Find("properties") ?? throw from.Fault("properties", "is missing");
            // Some JSON writers cannot tell an empty list from an empty object.
            return new PublishOrder(
                key, BodyOf(from, payload),
                properties.ValueKind == JsonValueKind.Array && properties.GetArrayLength() == 0
                    ? new BasicProperties()
                    : PropertiesOf(from.ObjectOrNull("properties")!));
        }

        private static byte[] BodyOf(DefinitionObject from, string payload)
        {
            switch (from.Text("payload_encoding"))
            {
                case "string":
                    return Encoding.UTF8.GetBytes(payload);
                case "base64":
                    var bytes = new byte[payload.Length];
                    return Convert.TryFromBase64String(payload, bytes, out var length)
                        ? bytes[..length]
                        : throw from.Fault("payload", "is not base64");
                default:
                    throw from.Fault("payload_encoding", "is string or base64");
            }
        }

        private static BasicProperties PropertiesOf(DefinitionObject from) => new()
        {
            ContentType = from.TextOrNull("content_type"),
            ContentEncoding = from.TextOrNull("content_encoding"),
            Headers = from.Find("headers") is null ? null : from.Table("headers"),
            DeliveryMode = Octet(from, "delivery_mode"),
            Priority = Octet(from, "priority"),
            CorrelationId = from.TextOrNull("correlation_id"),
            ReplyTo = from.TextOrNull("reply_to"),
            Expiration = from.TextOrNull("expiration"),
            MessageId = from.TextOrNull("message_id"),
            Timestamp = Timestamp(from),
            Type = from.TextOrNull("type"),
            UserId = from.TextOrNull("user_id"),
            AppId = from.TextOrNull("app_id"),
            ClusterId = from.TextOrNull("cluster_id"),
        };

        private static byte? Octet(DefinitionObject from, string key) => from.NumberOrNull(key) switch
        {
            null => null,
            >= 0 and <= byte.MaxValue and var number => (byte)number,
            _ => throw from.Fault(key, "is from 0 to 255"),
        };

        private static ulong? Timestamp(DefinitionObject from) => from.Find("timestamp") switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } value when value.TryGetUInt64(out var seconds) => seconds,
            _ => throw from.Fault("timestamp", "is no number of seconds since 1970"),
        };
    }
}
