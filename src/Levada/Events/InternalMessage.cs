using System.Text.Unicode;
using Levada.Exchanges;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Events;

/// <summary>A message that the broker itself publishes.</summary>
/// <param name="Exchange">Where.</param>
/// <param name="Bytes">The stored layout.</param>
/// <param name="Body">The file that the body is, if it is one.</param>
internal readonly record struct InternalMessage(Exchange Exchange, byte[] Bytes, BodyFile? Body)
{
    private const int RoutingKeyMax = 255;

    /// <param name="exchange">Where.</param>
    /// <param name="routingKey">Cut at 255 octets, between characters.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    /// <param name="properties">The message's.</param>
    /// <param name="body">The message's.</param>
    public static InternalMessage Of(
        Exchange exchange, string routingKey, long nowMs, BasicProperties properties, ReadOnlySpan<byte> body) =>
        Of(exchange, routingKey, nowMs, properties, body, (uint)body.Length, null);

    /// <param name="exchange">Where.</param>
    /// <param name="routingKey">Cut at 255 octets, between characters.</param>
    /// <param name="nowMs">In milliseconds since 1970.</param>
    /// <param name="properties">The message's.</param>
    /// <param name="body">The message's body, or the number of its file.</param>
    /// <param name="bodyField">See <see cref="StoredMessage.BodyField"/>.</param>
    /// <param name="file">Held for this message; null if the body is no file.</param>
    public static InternalMessage Of(
        Exchange exchange, string routingKey, long nowMs, BasicProperties properties, ReadOnlySpan<byte> body,
        uint bodyField, BodyFile? file)
    {
        Span<byte> key = stackalloc byte[RoutingKeyMax];
        Utf8.FromUtf16(routingKey, key, out _, out var keyLength);
        var encoded = properties.ToBytes();
        var headSize = StoredMessage.HeadSize(exchange.NameUtf8.Length, keyLength, encoded.Length);
        var bytes = new byte[headSize + body.Length];
        StoredMessage.WriteHead(bytes, nowMs, exchange.NameUtf8, key[..keyLength], encoded, bodyField);
        body.CopyTo(bytes.AsSpan(headSize));
        return new InternalMessage(exchange, bytes, file);
    }
}
