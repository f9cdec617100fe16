using System.Buffers.Binary;

namespace Levada.Protocol;

/// <summary>
/// Walks the entries of a table where they lie, without allocating: the headers exchange and CC/BCC on the publish
/// path. Garbled entries end the walk and set <see cref="Failed"/>; a table from a checked source never does.
/// </summary>
public ref struct FieldTableReader(ReadOnlySpan<byte> entries)
{
    private readonly ReadOnlySpan<byte> _entries = entries;
    private int _position;

    public ReadOnlySpan<byte> Key { get; private set; }

    public FieldType Type { get; private set; }

    /// <summary>The value's octets, without the length that opens a string, table or array.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Where the current entry begins, its key included.</summary>
    public int EntryStart { get; private set; }

    /// <summary>Where the entry after the current one begins.</summary>
    public readonly int EntryEnd => _position;

    public bool Failed { get; private set; }

    /// <summary>Steps to the next entry; false at the end.</summary>
    public bool Next()
    {
        if (_position >= _entries.Length || Failed) return false;
        EntryStart = _position;
        if (FieldWire.TryTakeKey(_entries, ref _position, out var key)
            && FieldWire.TryTake(_entries, ref _position, out var type, out var value))
        {
            Key = key;
            Type = type;
            Value = value;
            return true;
        }
        Failed = true;
        return false;
    }

    /// <summary>The current value if it is of any integer type.</summary>
    public readonly bool TryGetInteger(out long value) => TryGetInteger(Type, Value, out value);

    /// <summary>The current value as it stands alone; allocates for strings, tables and arrays.</summary>
    public readonly FieldValue ToFieldValue() => FieldValue.FromChecked(Type, Value);

    internal static bool TryGetInteger(FieldType type, ReadOnlySpan<byte> bytes, out long value)
    {
        switch (type)
        {
            case FieldType.SignedByte: value = (sbyte)bytes[0]; return true;
            case FieldType.UnsignedByte: value = bytes[0]; return true;
            case FieldType.SignedShort: value = BinaryPrimitives.ReadInt16BigEndian(bytes); return true;
            case FieldType.UnsignedShort: value = BinaryPrimitives.ReadUInt16BigEndian(bytes); return true;
            case FieldType.SignedInt: value = BinaryPrimitives.ReadInt32BigEndian(bytes); return true;
            case FieldType.UnsignedInt: value = BinaryPrimitives.ReadUInt32BigEndian(bytes); return true;
            case FieldType.Long:
            case FieldType.LongLong: value = BinaryPrimitives.ReadInt64BigEndian(bytes); return true;
            default: value = 0; return false;
        }
    }
}
