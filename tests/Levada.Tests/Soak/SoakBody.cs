using System.Buffers.Binary;

namespace Levada.Tests.Soak;

/// <summary>
/// A body that says whose it is and that it is whole: publisher, its connection, number, length, then one octet
/// repeated.
/// </summary>
internal static class SoakBody
{
    public const int Smallest = 16;

    public static byte[] Make(SoakMessage message, int length)
    {
        var body = new byte[length];
        BinaryPrimitives.WriteInt32BigEndian(body, message.Publisher);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(4), message.Connection);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(8), message.Number);
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(12), length);
        body.AsSpan(Smallest).Fill((byte)message.Number);
        return body;
    }

    /// <summary>False if it is not a body as it was made.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out SoakMessage message)
    {
        message = default;
        if (body.Length < Smallest)
            return false;
        message = new SoakMessage(
            BinaryPrimitives.ReadInt32BigEndian(body), BinaryPrimitives.ReadInt32BigEndian(body[4..]),
            BinaryPrimitives.ReadInt32BigEndian(body[8..]));
        return BinaryPrimitives.ReadInt32BigEndian(body[12..]) == body.Length
            && body[Smallest..].IndexOfAnyExcept((byte)message.Number) < 0;
    }
}
