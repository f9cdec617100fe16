using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Levada.Protocol;

/// <summary>
/// One value of a table, with its exact wire type, so that what came in goes out the same. Numbers live in the struct;
/// strings, arrays and tables are referred to. Immutable as long as nobody writes into the array it was made from.
/// </summary>
public readonly struct FieldValue : IEquatable<FieldValue>
{
    private readonly long _bits;
    private readonly object? _reference;

    private FieldValue(FieldType type, long bits, object? reference = null)
    {
        Type = type;
        _bits = bits;
        _reference = reference;
    }

    /// <summary>The wire type; a default value is void.</summary>
    public FieldType Type => field == 0 ? FieldType.Void : field;

    public static FieldValue Void => new(FieldType.Void, 0);

    public static FieldValue Boolean(bool value) => new(FieldType.Boolean, value ? 1 : 0);

    /// <summary>A value of any integer type; the caller keeps it in the type's range.</summary>
    public static FieldValue Integer(FieldType type, long value)
    {
        var result = new FieldValue(type, value);
        return result.IsInteger ? result : throw new ArgumentOutOfRangeException(nameof(type));
    }

    public static FieldValue Int(int value) => new(FieldType.SignedInt, value);

    public static FieldValue Long(long value) => new(FieldType.Long, value);

    public static FieldValue Timestamp(ulong unixSeconds) => new(FieldType.Timestamp, (long)unixSeconds);

    public static FieldValue Float(float value) => new(FieldType.Float, BitConverter.SingleToInt32Bits(value));

    public static FieldValue Double(double value) => new(FieldType.Double, BitConverter.DoubleToInt64Bits(value));

    /// <summary>
    /// The number <paramref name="unscaled"/> divided by ten to the power of <paramref name="scale"/>.
    /// </summary>
    public static FieldValue Decimal(byte scale, int unscaled) =>
        new(FieldType.Decimal, ((long)scale << 32) | (uint)unscaled);

    public static FieldValue String(string value) => new(FieldType.LongString, 0, Encoding.UTF8.GetBytes(value));

    public static FieldValue String(ReadOnlySpan<byte> value) => new(FieldType.LongString, 0, value.ToArray());

    public static FieldValue Binary(ReadOnlySpan<byte> value) => new(FieldType.Binary, 0, value.ToArray());

    public static FieldValue Array(params FieldValue[] items) => new(FieldType.Array, 0, items);

    public static FieldValue Table(FieldTable value) => new(FieldType.Table, 0, value);

    /// <summary>The type as RabbitMQ's error texts name it: longstr, signedint, bool, ...</summary>
    public string TypeName => NameOf(Type);

    public bool IsInteger => TryGetInteger(out _);

    public bool AsBoolean => Type == FieldType.Boolean ? _bits != 0 : throw Mismatch("bool");

    /// <summary>Any integer type, or a timestamp in seconds.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public long AsLong => IsInteger || Type == FieldType.Timestamp ? _bits : throw Mismatch("an integer");

    /// <summary>The octets of a long string or binary.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public ReadOnlyMemory<byte> AsBytes => Bytes;

    /// <summary>The text of a long string or binary; octets that are not UTF-8 become U+FFFD.</summary>
    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public string AsString => Encoding.UTF8.GetString(Bytes);

    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public FieldTable AsTable => _reference as FieldTable ?? throw Mismatch("a table");

    /// <exception cref="InvalidOperationException">It is of another type.</exception>
    public IReadOnlyList<FieldValue> AsArray => Items;

    /// <summary>A float, double, decimal or any integer as a double; NaN for everything else.</summary>
    public double AsDouble => Type switch
    {
        FieldType.Float => BitConverter.Int32BitsToSingle((int)_bits),
        FieldType.Double => BitConverter.Int64BitsToDouble(_bits),
        FieldType.Decimal => (int)_bits / Math.Pow(10, DecimalScale),
        _ => TryGetInteger(out var value) ? value : double.NaN,
    };

    internal byte[] Bytes => _reference as byte[] ?? throw Mismatch("a string");

    internal FieldValue[] Items => _reference as FieldValue[] ?? throw Mismatch("an array");

    private byte DecimalScale => (byte)(_bits >> 32);

    /// <summary>The value if it is of any of the integer types (a timestamp is none).</summary>
    public bool TryGetInteger(out long value)
    {
        value = _bits;
        return Type is FieldType.SignedByte or FieldType.UnsignedByte or FieldType.SignedShort
            or FieldType.UnsignedShort or FieldType.SignedInt or FieldType.UnsignedInt
            or FieldType.Long or FieldType.LongLong;
    }

    /// <summary>The text if it is a long string.</summary>
    public bool TryGetString(out string value)
    {
        value = Type == FieldType.LongString ? AsString : "";
        return Type == FieldType.LongString;
    }

    /// <summary>Type and value the same, in nested ones too; floats by their bits.</summary>
    public bool Equals(FieldValue other)
    {
        if (Type != other.Type) return false;
        return _reference switch
        {
            byte[] bytes => bytes.AsSpan().SequenceEqual(other.Bytes),
            FieldValue[] items => items.AsSpan().SequenceEqual(other.Items),
            FieldTable table => table.Equals(other.AsTable),
            _ => _bits == other._bits,
        };
    }

    /// <summary>
    /// Equal as RabbitMQ compares headers and arguments: numbers by value whatever their types, everything else by type
    /// and value.
    /// </summary>
    public bool SameValue(FieldValue other)
    {
        if (TryGetInteger(out var mine) && other.TryGetInteger(out var theirs)) return mine == theirs;
        if (IsNumber && other.IsNumber) return AsDouble.Equals(other.AsDouble);
        if (Type != FieldType.Array || other.Type != FieldType.Array) return Equals(other);
        if (Items.Length != other.Items.Length) return false;
        for (var i = 0; i < Items.Length; i++)
        {
            if (!Items[i].SameValue(other.Items[i])) return false;
        }
        return true;
    }

    public override bool Equals(object? obj) => obj is FieldValue other && Equals(other);

    public override int GetHashCode() => _reference switch
    {
        byte[] bytes => HashCode.Combine(Type, bytes.Length, bytes.Length == 0 ? 0 : bytes[0]),
        FieldValue[] items => HashCode.Combine(Type, items.Length),
        FieldTable table => HashCode.Combine(Type, table.Count),
        _ => HashCode.Combine(Type, _bits),
    };

    public static bool operator ==(FieldValue left, FieldValue right) => left.Equals(right);

    public static bool operator !=(FieldValue left, FieldValue right) => !left.Equals(right);

    /// <summary>For logs and error texts, not for the wire.</summary>
    public override string ToString() => Type switch
    {
        FieldType.Void => "void",
        FieldType.Boolean => _bits != 0 ? "true" : "false",
        FieldType.LongString => AsString,
        FieldType.Binary => Convert.ToHexString(Bytes),
        FieldType.Table => AsTable.ToString(),
        FieldType.Array => "[" + string.Join(", ", Items) + "]",
        FieldType.Float or FieldType.Double or FieldType.Decimal => AsDouble.ToString(CultureInfo.InvariantCulture),
        FieldType.Timestamp => ((ulong)_bits).ToString(CultureInfo.InvariantCulture),
        _ => _bits.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The type as RabbitMQ's error texts name it.</summary>
    public static string NameOf(FieldType type) => type switch
    {
        FieldType.Boolean => "bool",
        FieldType.SignedByte => "byte",
        FieldType.UnsignedByte => "unsignedbyte",
        FieldType.SignedShort => "short",
        FieldType.UnsignedShort => "unsignedshort",
        FieldType.SignedInt => "signedint",
        FieldType.UnsignedInt => "unsignedint",
        FieldType.Long or FieldType.LongLong => "long",
        FieldType.Float => "float",
        FieldType.Double => "double",
        FieldType.Decimal => "decimal",
        FieldType.LongString => "longstr",
        FieldType.Array => "array",
        FieldType.Timestamp => "timestamp",
        FieldType.Table => "table",
        FieldType.Binary => "binary",
        _ => "void",
    };

    private bool IsNumber => Type is FieldType.Float or FieldType.Double or FieldType.Decimal || IsInteger;

    /// <summary>Octets on the wire, the type octet included.</summary>
    internal int EncodedLength => 1 + _reference switch
    {
        byte[] bytes => 4 + bytes.Length,
        FieldValue[] items => 4 + ArrayLength(items),
        FieldTable table => 4 + table.EncodedLength,
        _ => FieldWire.FixedSize(Type),
    };

    internal void Encode(ref AmqpWriter writer)
    {
        writer.U8((byte)Type);
        switch (Type)
        {
            case FieldType.LongString or FieldType.Binary: writer.LongString(Bytes); break;
            case FieldType.Table: writer.Table(AsTable); break;
            case FieldType.Array:
                writer.U32((uint)ArrayLength(Items));
                foreach (var item in Items) item.Encode(ref writer);
                break;
            case FieldType.Decimal:
                writer.U8(DecimalScale);
                writer.U32((uint)_bits);
                break;
            default:
                switch (FieldWire.FixedSize(Type))
                {
                    case 1: writer.U8((byte)_bits); break;
                    case 2: writer.U16((ushort)_bits); break;
                    case 4: writer.U32((uint)_bits); break;
                    case 8: writer.U64((ulong)_bits); break;
                }
                break;
        }
    }

    /// <param name="value">Octets whose size fits the type and whose nested content has been checked.</param>
    internal static FieldValue FromChecked(FieldType type, ReadOnlySpan<byte> value)
    {
        if (FieldTableReader.TryGetInteger(type, value, out var integer)) return new(type, integer);
        switch (type)
        {
            case FieldType.Boolean: return new(type, value[0]);
            case FieldType.Float: return new(type, BinaryPrimitives.ReadInt32BigEndian(value));
            case FieldType.Double or FieldType.Timestamp: return new(type, BinaryPrimitives.ReadInt64BigEndian(value));
            case FieldType.Decimal: return Decimal(value[0], BinaryPrimitives.ReadInt32BigEndian(value[1..]));
            case FieldType.LongString or FieldType.Binary: return new(type, 0, value.ToArray());
            case FieldType.Table: return Table(FieldTable.FromChecked(value));
            case FieldType.Array:
                var items = new List<FieldValue>();
                for (var reader = new FieldArrayReader(value); reader.Next();) items.Add(reader.ToFieldValue());
                return new(type, 0, items.ToArray());
            default: return Void;
        }
    }

    private static int ArrayLength(FieldValue[] items)
    {
        var length = 0;
        foreach (var item in items) length += item.EncodedLength;
        return length;
    }

    private InvalidOperationException Mismatch(string wanted) => new($"the value is of type {TypeName}, not {wanted}");
}
