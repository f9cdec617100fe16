namespace Levada.Protocol;

/// <summary>
/// Walks the items of an array where they lie, without allocating; see <see cref="FieldTableReader"/>.
/// </summary>
public ref struct FieldArrayReader(ReadOnlySpan<byte> items)
{
    private readonly ReadOnlySpan<byte> _items = items;
    private int _position;

    public FieldType Type { get; private set; }

    /// <summary>The item's octets, without the length that opens a string, table or array.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    public bool Failed { get; private set; }

    /// <summary>Steps to the next item; false at the end.</summary>
    public bool Next()
    {
        if (_position >= _items.Length || Failed) return false;
        if (!FieldWire.TryTake(_items, ref _position, out var type, out var value))
        {
            Failed = true;
            return false;
        }
        Type = type;
        Value = value;
        return true;
    }

    /// <summary>The current item as it stands alone; allocates for strings, tables and arrays.</summary>
    public readonly FieldValue ToFieldValue() => FieldValue.FromChecked(Type, Value);
}
