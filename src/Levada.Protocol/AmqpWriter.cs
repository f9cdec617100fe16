using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Levada.Protocol;

/// <summary>
/// Writes the wire's types one after another into a span that the caller made large enough (see the Size methods);
/// a span that is too short is a programming error and throws.
/// </summary>
public ref struct AmqpWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _position;

    /// <summary>Octets written so far.</summary>
    public readonly int Position => _position;

    public void U8(byte value) => _destination[_position++] = value;

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_destination[_position..], value);
        _position += 2;
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_destination[_position..], value);
        _position += 4;
    }

    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_destination[_position..], value);
        _position += 8;
    }

    /// <summary>Neighbouring bits of a method, packed into one octet, the first lowest (spec 4.2.5.2).</summary>
    public void Bits(bool bit0, bool bit1 = false, bool bit2 = false, bool bit3 = false, bool bit4 = false) =>
        U8((byte)((bit0 ? 1 : 0) | (bit1 ? 2 : 0) | (bit2 ? 4 : 0) | (bit3 ? 8 : 0) | (bit4 ? 16 : 0)));

    /// <summary>At most 255 octets; the rest is cut off, whatever it is.</summary>
    public void ShortString(ReadOnlySpan<byte> value)
    {
        if (value.Length > 255) value = value[..255];
        U8((byte)value.Length);
        Raw(value);
    }

    /// <summary>At most 255 octets; a longer text is cut where a character ends.</summary>
    public void ShortString(string value)
    {
        var room = _destination[(_position + 1)..];
        if (room.Length > 255) room = room[..255];
        var status = Utf8.FromUtf16(value, room, out _, out var written);
        // A cut text may end before the room does, since a character is not split.
        if (status != OperationStatus.Done && room.Length < 255 && 1 + written < ShortStringSize(value))
        {
            throw new ArgumentException("the destination is too small");
        }
        _destination[_position] = (byte)written;
        _position += 1 + written;
    }

    public void LongString(ReadOnlySpan<byte> value)
    {
        U32((uint)value.Length);
        Raw(value);
    }

    public void LongString(string value)
    {
        var length = Encoding.UTF8.GetBytes(value, _destination[(_position + 4)..]);
        U32((uint)length);
        _position += length;
    }

    public void Table(FieldTable value)
    {
        U32((uint)value.EncodedLength);
        _position += value.Encode(_destination[_position..]);
    }

    /// <summary>Octets without a length before them.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        value.CopyTo(_destination[_position..]);
        _position += value.Length;
    }

    /// <summary>Octets that <see cref="ShortString(string)"/> takes, the length octet included.</summary>
    public static int ShortStringSize(string value)
    {
        // A UTF-16 unit is at most three octets, so most names are measured without looking at the cut.
        var length = Encoding.UTF8.GetByteCount(value);
        if (length <= 255) return 1 + length;
        Span<byte> scratch = stackalloc byte[255];
        Utf8.FromUtf16(value, scratch, out _, out var written);
        return 1 + written;
    }

    /// <summary>Octets that <see cref="ShortString(ReadOnlySpan{byte})"/> takes, the length octet included.</summary>
    public static int ShortStringSize(ReadOnlySpan<byte> value) => 1 + Math.Min(value.Length, 255);

    /// <summary>Octets that <see cref="LongString(string)"/> takes, the length included.</summary>
    public static int LongStringSize(string value) => 4 + Encoding.UTF8.GetByteCount(value);
}
