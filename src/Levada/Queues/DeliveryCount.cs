using System.Buffers.Binary;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// The header x-delivery-count of a message that was given back as failed: how often, so far. It is added as the
/// message goes out, over one of that name that a client wrote.
/// </summary>
internal static class DeliveryCount
{
    private const int KeepBytesMax = 64 * 1024;

    // Flags, the table's length, the key and the value.
    private const int AddedBytesMax = 32;

    [ThreadStatic]
    private static byte[]? _buffer;

    private static ReadOnlySpan<byte> Key => "x-delivery-count"u8;

    /// <summary>The message with the header; valid until the next one is asked for on this thread.</summary>
    public static StoredMessage Show(scoped MessageView message)
    {
        var stored = new StoredMessage(message.Bytes);
        Span<byte> value = stackalloc byte[1 + sizeof(long)];
        value[0] = (byte)FieldType.Long;
        BinaryPrimitives.WriteInt64BigEndian(value[1..], message.DeliveryCount);
        var headSize = message.Bytes.Length - stored.Body.Length;
        var buffer = BufferOf(message.Bytes.Length + AddedBytesMax);
        // The properties end where the length of the body begins.
        var propertiesAt = headSize - sizeof(uint) - stored.Properties.Length;
        message.Bytes[..propertiesAt].CopyTo(buffer);
        var length = BasicPropertiesRewriter.SetHeader(
            stored.Properties, Key, value, overwrite: true, buffer.AsSpan(propertiesAt));
        BinaryPrimitives.WriteInt32LittleEndian(buffer.AsSpan(propertiesAt - sizeof(uint)), length);
        var end = propertiesAt + length;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer.AsSpan(end), stored.BodyField);
        end += sizeof(uint);
        stored.Body.CopyTo(buffer.AsSpan(end));
        return new StoredMessage(buffer.AsSpan(0, end + stored.Body.Length));
    }

    private static byte[] BufferOf(int size)
    {
        if (_buffer is { } kept && kept.Length >= size)
            return kept;
        var buffer = new byte[Math.Max(size, 1024)];
        if (size <= KeepBytesMax)
            _buffer = buffer;
        return buffer;
    }
}
