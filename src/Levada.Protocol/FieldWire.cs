using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>How the values of a table lie on the wire: their sizes, and the check of a whole table.</summary>
internal static class FieldWire
{
    /// <summary>
    /// Octets of a value of fixed size; -1 when a 32-bit length opens it, -2 for an octet that is no type.
    /// </summary>
    public static int FixedSize(FieldType type) => type switch
    {
        FieldType.LongString or FieldType.Binary or FieldType.Table or FieldType.Array => -1,
        FieldType.Boolean or FieldType.SignedByte or FieldType.UnsignedByte => 1,
        FieldType.SignedShort or FieldType.UnsignedShort => 2,
        FieldType.SignedInt or FieldType.UnsignedInt or FieldType.Float => 4,
        FieldType.Long or FieldType.LongLong or FieldType.Double or FieldType.Timestamp => 8,
        FieldType.Decimal => 5,
        FieldType.Void => 0,
        _ => -2,
    };

    /// <summary>Takes the type octet and the value at <paramref name="position"/> and steps over them.</summary>
    /// <param name="value">The octets of the value, without the length of a string, table or array.</param>
    /// <returns>False when the value is short or of an unknown type.</returns>
    public static bool TryTake(
        ReadOnlySpan<byte> source, scoped ref int position, out FieldType type, out ReadOnlySpan<byte> value)
    {
        type = default;
        value = default;
        if ((uint)position >= (uint)source.Length) return false;
        type = (FieldType)source[position];
        var rest = source[(position + 1)..];
        var size = FixedSize(type);
        var prefix = 0;
        if (size < 0)
        {
            if (size == -2 || !BinaryPrimitives.TryReadUInt32BigEndian(rest, out var length)) return false;
            if (length > (uint)(rest.Length - 4)) return false;
            prefix = 4;
            size = (int)length;
        }
        else if (size > rest.Length)
        {
            return false;
        }
        value = rest.Slice(prefix, size);
        position += 1 + prefix + size;
        return true;
    }

    /// <summary>Takes the key at <paramref name="position"/> and steps over it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTakeKey(ReadOnlySpan<byte> source, scoped ref int position, out ReadOnlySpan<byte> key)
    {
        key = default;
        if ((uint)position >= (uint)source.Length) return false;
        int length = source[position];
        if (length > source.Length - position - 1) return false;
        key = source.Slice(position + 1, length);
        position += 1 + length;
        return true;
    }

    /// <summary>Whether these are whole entries of known types, nested no deeper than allowed.</summary>
    public static bool IsValidTable(ReadOnlySpan<byte> entries) => IsValidTable(entries, FieldTable.MaxDepth);

    private static bool IsValidTable(ReadOnlySpan<byte> entries, int levels)
    {
        var position = 0;
        while (position < entries.Length)
        {
            if (!TryTakeKey(entries, ref position, out _)) return false;
            if (!IsValidValue(entries, ref position, levels)) return false;
        }
        return true;
    }

    private static bool IsValidArray(ReadOnlySpan<byte> items, int levels)
    {
        var position = 0;
        while (position < items.Length)
        {
            if (!IsValidValue(items, ref position, levels)) return false;
        }
        return true;
    }

    private static bool IsValidValue(ReadOnlySpan<byte> source, scoped ref int position, int levels)
    {
        if (!TryTake(source, ref position, out var type, out var value)) return false;
        return type switch
        {
            FieldType.Table => levels > 1 && IsValidTable(value, levels - 1),
            FieldType.Array => levels > 1 && IsValidArray(value, levels - 1),
            _ => true,
        };
    }
}
