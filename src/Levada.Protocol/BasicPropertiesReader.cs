using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>
/// The properties of a message where they lie on the wire. <see cref="TryRead"/> checks all of it; the getters then
/// walk to what is asked for, since a broker looks at few of them and at most messages have one or two. An absent
/// property is an empty span or 0; ask <see cref="Has"/> where that differs from an empty one.
/// </summary>
public readonly ref struct BasicPropertiesReader
{
    private const int ReservedBits = 3;

    private readonly ReadOnlySpan<byte> _list;

    private BasicPropertiesReader(BasicPropertyFlags flags, ReadOnlySpan<byte> list)
    {
        Flags = flags;
        _list = list;
    }

    public BasicPropertyFlags Flags { get; }

    public ReadOnlySpan<byte> ContentType => ShortString(BasicPropertyFlags.ContentType);

    public ReadOnlySpan<byte> ContentEncoding => ShortString(BasicPropertyFlags.ContentEncoding);

    /// <summary>The entries of the headers table without their length prefix, checked.</summary>
    public ReadOnlySpan<byte> HeadersBytes =>
        Has(BasicPropertyFlags.Headers) ? LongString(_list[Find(BasicPropertyFlags.Headers)..]) : default;

    /// <summary>2 is persistent; 0 when absent.</summary>
    public byte DeliveryMode => Octet(BasicPropertyFlags.DeliveryMode);

    public byte Priority => Octet(BasicPropertyFlags.Priority);

    public ReadOnlySpan<byte> CorrelationId => ShortString(BasicPropertyFlags.CorrelationId);

    public ReadOnlySpan<byte> ReplyTo => ShortString(BasicPropertyFlags.ReplyTo);

    /// <summary>Milliseconds as decimal text, as the client wrote it.</summary>
    public ReadOnlySpan<byte> Expiration => ShortString(BasicPropertyFlags.Expiration);

    public ReadOnlySpan<byte> MessageId => ShortString(BasicPropertyFlags.MessageId);

    /// <summary>Seconds since 1970 by the publisher's clock; 0 when absent.</summary>
    public ulong Timestamp => Has(BasicPropertyFlags.Timestamp)
        ? BinaryPrimitives.ReadUInt64BigEndian(_list[Find(BasicPropertyFlags.Timestamp)..])
        : 0;

    public ReadOnlySpan<byte> Type => ShortString(BasicPropertyFlags.Type);

    public ReadOnlySpan<byte> UserId => ShortString(BasicPropertyFlags.UserId);

    public ReadOnlySpan<byte> AppId => ShortString(BasicPropertyFlags.AppId);

    public ReadOnlySpan<byte> ClusterId => ShortString(BasicPropertyFlags.ClusterId);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(BasicPropertyFlags property) => (Flags & property) != 0;

    /// <param name="flagsAndList">Everything of a content header behind the body size.</param>
    /// <param name="properties">Empty when it fails.</param>
    /// <returns>
    /// False when a property is short, the headers table is garbled, octets are left over, or a reserved flag (the
    /// continuation bit is one) is set.
    /// </returns>
    public static bool TryRead(ReadOnlySpan<byte> flagsAndList, out BasicPropertiesReader properties)
    {
        properties = default;
        if (flagsAndList.Length < 2) return false;
        var flags = (BasicPropertyFlags)BinaryPrimitives.ReadUInt16BigEndian(flagsAndList);
        var list = flagsAndList[2..];
        // No property at all, or the delivery mode alone: nearly every message that has to be quick.
        if (flags == BasicPropertyFlags.None ? !list.IsEmpty
            : flags == BasicPropertyFlags.DeliveryMode ? list.Length != 1
            : !IsValid(flags, list)) return false;
        properties = new BasicPropertiesReader(flags, list);
        return true;
    }

    /// <summary>Of properties that <see cref="TryRead"/> has checked before.</summary>
    public static BasicPropertiesReader OfChecked(ReadOnlySpan<byte> flagsAndList) =>
        new((BasicPropertyFlags)BinaryPrimitives.ReadUInt16BigEndian(flagsAndList), flagsAndList[2..]);

    private static bool IsValid(BasicPropertyFlags flags, ReadOnlySpan<byte> list)
    {
        if (((int)flags & ReservedBits) != 0) return false;
        var position = 0;
        for (var bit = 1 << 15; bit > ReservedBits; bit >>= 1)
        {
            var property = (BasicPropertyFlags)bit;
            if ((flags & property) == 0) continue;
            var size = SizeAt(property, list, position);
            if (size > list.Length - position) return false;
            if (property == BasicPropertyFlags.Headers && !FieldWire.IsValidTable(LongString(list[position..])))
            {
                return false;
            }
            position += size;
        }
        return position == list.Length;
    }

    /// <summary>Where this property lies in the list; it must be present.</summary>
    internal int Find(BasicPropertyFlags wanted)
    {
        var position = 0;
        for (var bit = 1 << 15; bit > (int)wanted; bit >>= 1)
        {
            var property = (BasicPropertyFlags)bit;
            if ((Flags & property) != 0) position += SizeAt(property, _list, position);
        }
        return position;
    }

    /// <summary>Octets of the property at this place; int.MaxValue when not even its length is there.</summary>
    internal static int SizeAt(BasicPropertyFlags property, ReadOnlySpan<byte> list, int position)
    {
        switch (property)
        {
            case BasicPropertyFlags.DeliveryMode or BasicPropertyFlags.Priority:
                return 1;
            case BasicPropertyFlags.Timestamp:
                return 8;
            case BasicPropertyFlags.Headers:
                return BinaryPrimitives.TryReadUInt32BigEndian(list[position..], out var length)
                    && length <= int.MaxValue - 4 ? 4 + (int)length : int.MaxValue;
            default:
                return (uint)position < (uint)list.Length ? 1 + list[position] : int.MaxValue;
        }
    }

    private static ReadOnlySpan<byte> LongString(ReadOnlySpan<byte> source) =>
        source.Slice(4, BinaryPrimitives.ReadInt32BigEndian(source));

    private byte Octet(BasicPropertyFlags property) => Has(property) ? _list[Find(property)] : (byte)0;

    private ReadOnlySpan<byte> ShortString(BasicPropertyFlags property)
    {
        if (!Has(property)) return default;
        var position = Find(property);
        return _list.Slice(position + 1, _list[position]);
    }
}
