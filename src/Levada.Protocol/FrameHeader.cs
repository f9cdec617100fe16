using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>
/// The seven octets that open a frame. Nothing in it is judged here: type and size are the reader's to check.
/// </summary>
public readonly record struct FrameHeader(byte Type, ushort Channel, uint Size)
{
    /// <param name="source">At least <see cref="Frame.HeaderSize"/> octets.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        // One eight-octet load would be shorter, but the header may be the last seven octets of a buffer.
        var size = BinaryPrimitives.ReadUInt32BigEndian(source.Slice(3, 4));
        return new FrameHeader(source[0], BinaryPrimitives.ReadUInt16BigEndian(source[1..]), size);
    }

    /// <returns>The octets written: always <see cref="Frame.HeaderSize"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Write(Span<byte> destination, byte type, ushort channel, int size)
    {
        BinaryPrimitives.WriteInt32BigEndian(destination.Slice(3, 4), size);
        destination[0] = type;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], channel);
        return Frame.HeaderSize;
    }
}
