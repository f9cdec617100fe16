using System.Text;
using System.Text.Unicode;
using Levada.Storage;

namespace Levada.Management.Api;

/// <summary>A message as RabbitMQ's API shows it; the position is ours.</summary>
internal sealed record MessageReply
{
    /// <summary>Of the whole body.</summary>
    public required long PayloadBytes { get; init; }

    public required bool Redelivered { get; init; }

    public required string Exchange { get; init; }

    public required string RoutingKey { get; init; }

    /// <summary>Only of one that was fetched: how many were ready behind it.</summary>
    public long? MessageCount { get; init; }

    /// <summary>Only of one that was looked at: how many stood before it.</summary>
    public long? Position { get; init; }

    public required MessagePropertiesReply Properties { get; init; }

    /// <summary>The body, or its beginning.</summary>
    public required string Payload { get; init; }

    /// <summary>string or base64.</summary>
    public required string PayloadEncoding { get; init; }

    /// <param name="seen">The message.</param>
    /// <param name="isFetched">It was taken from the head.</param>
    /// <param name="truncate">So many bytes of the body are shown.</param>
    /// <param name="asText">The body is shown as text if it is some.</param>
    /// <exception cref="IOException">The file of the body cannot be read.</exception>
    public static MessageReply Of(SeenMessage seen, bool isFetched, int truncate, bool asText)
    {
        var message = seen.Message;
        var body = seen.ReadBody(truncate);
        var isText = asText && Utf8.IsValid(body);
        return new MessageReply
        {
            PayloadBytes = message.BodyLength,
            Redelivered = seen.IsRedelivered,
            Exchange = Encoding.UTF8.GetString(message.Exchange),
            RoutingKey = Encoding.UTF8.GetString(message.RoutingKey),
            MessageCount = isFetched ? seen.Left : null,
            Position = isFetched ? null : seen.Position,
            Properties = MessagePropertiesReply.Of(message.Properties),
            Payload = isText ? Encoding.UTF8.GetString(body) : Convert.ToBase64String(body),
            PayloadEncoding = isText ? "string" : "base64",
        };
    }
}
