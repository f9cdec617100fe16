using System.Buffers.Binary;

namespace Levada.Storage;

/// <summary>
/// The one thing the store needs to know of the stored layout of a message: how long its body is.
/// i64 timestamp, u8+exchange, u8+routing key, u32+properties, u32+body; little-endian.
/// </summary>
internal static class MessageLayout
{
    private const int TimestampBytes = 8;

    /// <summary>Reads the length of the body.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message is shorter than its own lengths say.</exception>
    public static int BodyBytes(ReadOnlySpan<byte> message)
    {
        int at = TimestampBytes;
        at += 1 + message[at];
        at += 1 + message[at];
        at += sizeof(uint) + BinaryPrimitives.ReadInt32LittleEndian(message[at..]);
        return BinaryPrimitives.ReadInt32LittleEndian(message[at..]);
    }
}
