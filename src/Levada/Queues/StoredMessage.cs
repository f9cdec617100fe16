using System.Buffers.Binary;

namespace Levada.Queues;

/// <summary>
/// A message as it lies in a batch, a window, the journal or a segment: read in place, never copied to be read.
/// Layout (little-endian): i64 timestamp in ms (the highest bit but one says that the broker wrote of deaths in its
/// headers) | u8 length, exchange | u8 length, routing key | u32 length, properties (flags and list as on the wire) |
/// u32 length, body. The highest bit of the last length says that the body is a file
/// (<see cref="Storage.BodyFile"/>), whose u64 number is here in its place.
/// </summary>
public readonly ref struct StoredMessage
{
    private const int TimestampSize = 8;
    private const uint ApartBit = 1u << 31;
    private const long DeathsBit = 1L << 62;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _propertiesAt;
    private readonly int _bodyAt;

    public StoredMessage(ReadOnlySpan<byte> bytes)
    {
        _bytes = bytes;
        var exchangeEnd = TimestampSize + 1 + bytes[TimestampSize];
        _propertiesAt = exchangeEnd + 1 + bytes[exchangeEnd] + sizeof(uint);
        _bodyAt = _propertiesAt + (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[(_propertiesAt - 4)..])
            + sizeof(uint);
    }

    /// <summary>When the broker took it, in milliseconds since 1970.</summary>
    public long TimestampMs => BinaryPrimitives.ReadInt64LittleEndian(_bytes) & ~DeathsBit;

    /// <summary>It was dead-lettered: x-death and the like in its headers are the broker's, not a client's.</summary>
    public bool HasDeaths => (BinaryPrimitives.ReadInt64LittleEndian(_bytes) & DeathsBit) != 0;

    public ReadOnlySpan<byte> Exchange => _bytes.Slice(TimestampSize + 1, _bytes[TimestampSize]);

    public ReadOnlySpan<byte> RoutingKey
    {
        get
        {
            var at = TimestampSize + 1 + _bytes[TimestampSize];
            return _bytes.Slice(at + 1, _bytes[at]);
        }
    }

    /// <summary>Exchange and routing key as two short strings: exactly what deliver, get-ok and return carry.</summary>
    public ReadOnlySpan<byte> ExchangeAndRoutingKey => _bytes[TimestampSize..(_propertiesAt - sizeof(uint))];

    /// <summary>Property flags and property list as on the wire.</summary>
    public ReadOnlySpan<byte> Properties => _bytes[_propertiesAt..(_bodyAt - sizeof(uint))];

    /// <summary>The body, or the number of the file that it is.</summary>
    public ReadOnlySpan<byte> Body => _bytes[_bodyAt..];

    /// <summary>The body is a file.</summary>
    public bool IsBodyApart => (BodyField & ApartBit) != 0;

    /// <summary>Bytes of the body, wherever it is.</summary>
    public uint BodyLength => BodyField & ~ApartBit;

    /// <summary>What stands where the body's length is: that, and whether it is a file.</summary>
    public uint BodyField => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[(_bodyAt - sizeof(uint))..]);

    /// <summary>The bytes of a whole message, for copying it on.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>Bytes needed by <see cref="WriteHead"/>: everything before the body.</summary>
    public static int HeadSize(int exchangeLength, int routingKeyLength, int propertiesLength) =>
        TimestampSize + 1 + exchangeLength + 1 + routingKeyLength + sizeof(uint) + propertiesLength + sizeof(uint);

    /// <summary>The length of a body that is a file, as it stands before its number.</summary>
    public static uint FieldOfBodyApart(uint bodyLength) => bodyLength | ApartBit;

    /// <summary>See <see cref="HasDeaths"/>; behind <see cref="WriteHead"/>.</summary>
    public static void MarkDeaths(Span<byte> message) =>
        BinaryPrimitives.WriteInt64LittleEndian(message, BinaryPrimitives.ReadInt64LittleEndian(message) | DeathsBit);

    /// <summary>Gives a message another time; whose the deaths in its headers are stays as it is.</summary>
    public static void SetTimestamp(Span<byte> message, long timestampMs) => BinaryPrimitives.WriteInt64LittleEndian(
        message, timestampMs | (BinaryPrimitives.ReadInt64LittleEndian(message) & DeathsBit));

    /// <summary>Writes everything before the body; returns its size.</summary>
    public static int WriteHead(
        Span<byte> to,
        long timestampMs,
        ReadOnlySpan<byte> exchange,
        ReadOnlySpan<byte> routingKey,
        ReadOnlySpan<byte> properties,
        uint bodyField)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to, timestampMs);
        var at = TimestampSize;
        to[at++] = (byte)exchange.Length;
        exchange.CopyTo(to[at..]);
        at += exchange.Length;
        to[at++] = (byte)routingKey.Length;
        routingKey.CopyTo(to[at..]);
        at += routingKey.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(to[at..], (uint)properties.Length);
        at += sizeof(uint);
        properties.CopyTo(to[at..]);
        at += properties.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(to[at..], bodyField);
        return at + sizeof(uint);
    }
}
