namespace Levada.Protocol;

/// <summary>
/// The types of a table's values; each is its octet on the wire. This is RabbitMQ's dialect, which every client speaks,
/// not the letters of the specification: 's' is a 16-bit integer, 'l' a signed 64-bit one.
/// </summary>
public enum FieldType : byte
{
    Boolean = (byte)'t',
    SignedByte = (byte)'b',
    UnsignedByte = (byte)'B',
    SignedShort = (byte)'s',
    UnsignedShort = (byte)'u',
    SignedInt = (byte)'I',
    UnsignedInt = (byte)'i',
    Long = (byte)'l',

    /// <summary>The specification's letter for a signed 64-bit integer; a second name of <see cref="Long"/>.</summary>
    LongLong = (byte)'L',
    Float = (byte)'f',
    Double = (byte)'d',
    Decimal = (byte)'D',
    LongString = (byte)'S',
    Array = (byte)'A',

    /// <summary>Seconds since 1970, 64 bits.</summary>
    Timestamp = (byte)'T',
    Table = (byte)'F',
    Void = (byte)'V',
    Binary = (byte)'x',
}
