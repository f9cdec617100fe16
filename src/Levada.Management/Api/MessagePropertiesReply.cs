using System.Text;
using System.Text.Json.Serialization;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>The properties that a message has; keys of others are left out.</summary>
internal sealed record MessagePropertiesReply
{
    public string? ContentType { get; init; }

    public string? ContentEncoding { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public FieldTable? Headers { get; init; }

    public int? DeliveryMode { get; init; }

    public int? Priority { get; init; }

    public string? CorrelationId { get; init; }

    public string? ReplyTo { get; init; }

    public string? Expiration { get; init; }

    public string? MessageId { get; init; }

    public ulong? Timestamp { get; init; }

    public string? Type { get; init; }

    public string? UserId { get; init; }

    public string? AppId { get; init; }

    public string? ClusterId { get; init; }

    /// <param name="properties">Flags and list, checked.</param>
    public static MessagePropertiesReply Of(ReadOnlySpan<byte> properties)
    {
        var from = BasicPropertiesReader.OfChecked(properties);
        return new MessagePropertiesReply
        {
            ContentType = Text(from, BasicPropertyFlags.ContentType, from.ContentType),
            ContentEncoding = Text(from, BasicPropertyFlags.ContentEncoding, from.ContentEncoding),
            Headers = from.Has(BasicPropertyFlags.Headers) && FieldTable.TryDecode(from.HeadersBytes, out var headers)
                ? headers
                : null,
            DeliveryMode = from.Has(BasicPropertyFlags.DeliveryMode) ? from.DeliveryMode : null,
            Priority = from.Has(BasicPropertyFlags.Priority) ? from.Priority : null,
            CorrelationId = Text(from, BasicPropertyFlags.CorrelationId, from.CorrelationId),
            ReplyTo = Text(from, BasicPropertyFlags.ReplyTo, from.ReplyTo),
            Expiration = Text(from, BasicPropertyFlags.Expiration, from.Expiration),
            MessageId = Text(from, BasicPropertyFlags.MessageId, from.MessageId),
            Timestamp = from.Has(BasicPropertyFlags.Timestamp) ? from.Timestamp : null,
            Type = Text(from, BasicPropertyFlags.Type, from.Type),
            UserId = Text(from, BasicPropertyFlags.UserId, from.UserId),
            AppId = Text(from, BasicPropertyFlags.AppId, from.AppId),
            ClusterId = Text(from, BasicPropertyFlags.ClusterId, from.ClusterId),
        };
    }

    private static string? Text(
        scoped in BasicPropertiesReader from, BasicPropertyFlags property, ReadOnlySpan<byte> value) =>
        from.Has(property) ? Encoding.UTF8.GetString(value) : null;
}
