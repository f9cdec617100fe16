using System.Buffers.Binary;
using Levada.Protocol;

namespace Levada.Storage;

/// <summary>
/// What the store needs to know of the stored layout of a message: how long its body is, and in which file if it is not
/// in here. i64 timestamp, u8+exchange, u8+routing key, u32+properties, u32+body; little-endian. The highest bit of the
/// body's length says that what follows is the u64 number of a <see cref="BodyFile"/>.
/// </summary>
internal static class MessageLayout
{
    private const int TimestampBytes = 8;

    /// <summary>Reads the length of the body, wherever that is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The message is shorter than its own lengths say.</exception>
    public static int BodyBytes(ReadOnlySpan<byte> message) => BodyField(message) & int.MaxValue;

    /// <summary>The body is a file.</summary>
    public static bool IsBodyApart(ReadOnlySpan<byte> message) => BodyField(message) < 0;

    /// <summary>The number of the file that the body is.</summary>
    public static ulong BodyNumber(ReadOnlySpan<byte> message) =>
        BinaryPrimitives.ReadUInt64LittleEndian(message[^sizeof(ulong)..]);

    /// <summary>About what a body of this length takes where the message lies.</summary>
    public static int StoredBodyBytes(int bodyBytes) =>
        bodyBytes > BodyFiles.LargeAbove ? sizeof(ulong) : bodyBytes;

    /// <summary>The message has a TTL of its own.</summary>
    public static bool HasExpiration(ReadOnlySpan<byte> message)
    {
        int flags = BinaryPrimitives.ReadUInt16BigEndian(message[(PropertiesAt(message) + sizeof(uint))..]);
        return (flags & (int)BasicPropertyFlags.Expiration) != 0;
    }

    private static int PropertiesAt(ReadOnlySpan<byte> message)
    {
        int at = TimestampBytes;
        at += 1 + message[at];
        return at + 1 + message[at];
    }

    private static int BodyField(ReadOnlySpan<byte> message)
    {
        int at = PropertiesAt(message);
        at += sizeof(uint) + BinaryPrimitives.ReadInt32LittleEndian(message[at..]);
        return BinaryPrimitives.ReadInt32LittleEndian(message[at..]);
    }
}
