using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Levada.Protocol;

/// <summary>
/// Reads the wire's types one after another from a span. It never throws: when the octets run short or make no sense
/// it sets <see cref="Failed"/> and returns defaults from then on, so a method is read in one go and checked once.
/// </summary>
public ref struct AmqpReader(ReadOnlySpan<byte> source)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _source = source;
    private int _position;
    private int _bits;
    private int _bitMask;

    /// <summary>Octets read so far; the whole length after a failure.</summary>
    public readonly int Position => _position;

    /// <summary>Something was short or garbled.</summary>
    public bool Failed { get; private set; }

    /// <summary>Everything was read and nothing failed: what a well-formed argument list must end with.</summary>
    public readonly bool AtEnd => !Failed && _position == _source.Length;

    public byte U8() => Need(1) ? _source[_position++] : (byte)0;

    public ushort U16()
    {
        if (!Need(2)) return 0;
        var value = BinaryPrimitives.ReadUInt16BigEndian(_source[_position..]);
        _position += 2;
        return value;
    }

    public uint U32()
    {
        if (!Need(4)) return 0;
        var value = BinaryPrimitives.ReadUInt32BigEndian(_source[_position..]);
        _position += 4;
        return value;
    }

    public ulong U64()
    {
        if (!Need(8)) return 0;
        var value = BinaryPrimitives.ReadUInt64BigEndian(_source[_position..]);
        _position += 8;
        return value;
    }

    /// <summary>One bit; neighbouring bits share an octet, lowest first (spec 4.2.5.2).</summary>
    public bool Bit()
    {
        if (_bitMask is 0 or 0x100)
        {
            _bits = U8();
            _bitMask = 1;
        }
        var value = (_bits & _bitMask) != 0;
        _bitMask <<= 1;
        return value;
    }

    /// <summary>Up to 255 octets, as they are.</summary>
    public ReadOnlySpan<byte> ShortString() => Take(U8());

    /// <summary>
    /// A short string that must be UTF-8: names are compared as text later, so two must never fall together.
    /// </summary>
    public string ShortText() => Text(ShortString());

    public ReadOnlySpan<byte> LongString() => Take(U32());

    /// <summary>A long string that must be UTF-8.</summary>
    public string LongText() => Text(LongString());

    /// <summary>
    /// The entries of a table without their length prefix. Every type, length and level (at most
    /// <see cref="FieldTable.MaxDepth"/>) inside is checked.
    /// </summary>
    public ReadOnlySpan<byte> TableBytes()
    {
        var entries = Take(U32());
        if (FieldWire.IsValidTable(entries)) return entries;
        Fail();
        return default;
    }

    public FieldTable Table() => FieldTable.FromChecked(TableBytes());

    private string Text(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty) return "";
        if (System.Text.Unicode.Utf8.IsValid(bytes)) return StrictUtf8.GetString(bytes);
        Fail();
        return "";
    }

    private ReadOnlySpan<byte> Take(uint length)
    {
        if (length > int.MaxValue || !Need((int)length)) return default;
        var value = _source.Slice(_position, (int)length);
        _position += (int)length;
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Need(int octets)
    {
        _bitMask = 0;
        if (octets <= _source.Length - _position && !Failed) return true;
        Fail();
        return false;
    }

    private void Fail()
    {
        Failed = true;
        _position = _source.Length;
    }
}
