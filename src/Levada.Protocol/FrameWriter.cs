using System.Buffers.Binary;

namespace Levada.Protocol;

/// <summary>Writes whole frames, into a span that is large enough or into a buffer that grows.</summary>
public static class FrameWriter
{
    /// <summary>Octets of a heartbeat frame.</summary>
    public const int HeartbeatSize = Frame.Overhead;

    // Class and method number, which open the payload of a method frame.
    private const int IdSize = 4;

    // Class, weight and body size, which open the payload of a content header.
    private const int ContentHeaderSize = 12;

    private const ushort BasicClass = 60;

    public static int MethodSize<T>(in T method) where T : IMethod<T>, allows ref struct =>
        Frame.Overhead + IdSize + method.Size;

    /// <summary>Octets of a content header frame with properties (flags and list) of this length.</summary>
    public static int HeaderSize(int propertiesLength) => Frame.Overhead + ContentHeaderSize + propertiesLength;

    /// <summary>Octets of all body frames of a body of this length; 0 for an empty body, which has none.</summary>
    public static int BodySize(int bodyLength, int frameMax)
    {
        var payload = frameMax - Frame.Overhead;
        return bodyLength == 0 ? 0 : bodyLength + (bodyLength - 1) / payload * Frame.Overhead + Frame.Overhead;
    }

    public static int WriteMethod<T>(Span<byte> destination, ushort channel, in T method)
        where T : IMethod<T>, allows ref struct
    {
        var size = method.Write(destination[(Frame.HeaderSize + IdSize)..]);
        FrameHeader.Write(destination, Frame.Method, channel, IdSize + size);
        BinaryPrimitives.WriteUInt32BigEndian(destination[Frame.HeaderSize..], T.Id);
        var end = Frame.HeaderSize + IdSize + size;
        destination[end] = Frame.End;
        return end + 1;
    }

    public static void WriteMethod<T>(ByteBuffer buffer, ushort channel, in T method)
        where T : IMethod<T>, allows ref struct =>
        buffer.Advance(WriteMethod(buffer.GetSpan(MethodSize(method)), channel, method));

    /// <param name="properties">Property flags and list as on the wire, see <see cref="BasicProperties"/>.</param>
    public static int WriteHeader(
        Span<byte> destination, ushort channel, ulong bodySize, ReadOnlySpan<byte> properties)
    {
        var end = Frame.HeaderSize + ContentHeaderSize + properties.Length;
        destination[end] = Frame.End;
        FrameHeader.Write(destination, Frame.Header, channel, ContentHeaderSize + properties.Length);
        BinaryPrimitives.WriteUInt32BigEndian(destination[Frame.HeaderSize..], BasicClass << 16);
        BinaryPrimitives.WriteUInt64BigEndian(destination[(Frame.HeaderSize + 4)..], bodySize);
        properties.CopyTo(destination[(Frame.HeaderSize + ContentHeaderSize)..]);
        return end + 1;
    }

    public static void WriteHeader(ByteBuffer buffer, ushort channel, ulong bodySize, ReadOnlySpan<byte> properties) =>
        buffer.Advance(WriteHeader(buffer.GetSpan(HeaderSize(properties.Length)), channel, bodySize, properties));

    /// <summary>The body in as many frames as <paramref name="frameMax"/> asks for; none for an empty one.</summary>
    public static int WriteBody(Span<byte> destination, ushort channel, ReadOnlySpan<byte> body, int frameMax)
    {
        var written = 0;
        while (!body.IsEmpty)
        {
            var part = body[..Math.Min(body.Length, frameMax - Frame.Overhead)];
            body = body[part.Length..];
            written += FrameHeader.Write(destination[written..], Frame.Body, channel, part.Length);
            part.CopyTo(destination[written..]);
            written += part.Length;
            destination[written++] = Frame.End;
        }
        return written;
    }

    public static void WriteBody(ByteBuffer buffer, ushort channel, ReadOnlySpan<byte> body, int frameMax) =>
        buffer.Advance(WriteBody(buffer.GetSpan(BodySize(body.Length, frameMax)), channel, body, frameMax));

    /// <summary>
    /// Octets of a method with content: what <see cref="WriteContent{T}(Span{byte}, ushort, in T, ReadOnlySpan{byte},
    /// ReadOnlySpan{byte}, int)"/> writes.
    /// </summary>
    public static int ContentSize<T>(in T method, int propertiesLength, int bodyLength, int frameMax)
        where T : IMethod<T>, allows ref struct =>
        MethodSize(method) + HeaderSize(propertiesLength) + BodySize(bodyLength, frameMax);

    /// <summary>A method with content (publish, return, deliver, get-ok): method, header and body frames.</summary>
    public static int WriteContent<T>(
        Span<byte> destination, ushort channel, in T method,
        ReadOnlySpan<byte> properties, ReadOnlySpan<byte> body, int frameMax)
        where T : IMethod<T>, allows ref struct
    {
        var written = WriteMethod(destination, channel, method);
        written += WriteHeader(destination[written..], channel, (ulong)body.Length, properties);
        return written + WriteBody(destination[written..], channel, body, frameMax);
    }

    public static void WriteContent<T>(
        ByteBuffer buffer, ushort channel, in T method,
        ReadOnlySpan<byte> properties, ReadOnlySpan<byte> body, int frameMax)
        where T : IMethod<T>, allows ref struct
    {
        var span = buffer.GetSpan(ContentSize(method, properties.Length, body.Length, frameMax));
        buffer.Advance(WriteContent(span, channel, method, properties, body, frameMax));
    }

    public static int WriteHeartbeat(Span<byte> destination)
    {
        FrameHeader.Write(destination, Frame.Heartbeat, 0, 0);
        destination[Frame.HeaderSize] = Frame.End;
        return HeartbeatSize;
    }

    public static void WriteHeartbeat(ByteBuffer buffer) =>
        buffer.Advance(WriteHeartbeat(buffer.GetSpan(HeartbeatSize)));
}
