using System.Collections;
using System.Text;

namespace Levada.Protocol;

/// <summary>
/// A field table: entries in the order they came, duplicates kept (the last one counts), every value with its wire
/// type. Filled by one owner, then shared as if it were immutable. Keys that are not UTF-8 get U+FFFD for the bad
/// octets; everything else comes out as it went in.
/// </summary>
public sealed class FieldTable : IEnumerable<KeyValuePair<string, FieldValue>>, IEquatable<FieldTable>
{
    /// <summary>Tables and arrays inside one another, the outermost table counted: deeper ones are refused.</summary>
    public const int MaxDepth = 64;

    private readonly List<KeyValuePair<string, FieldValue>> _entries;

    public FieldTable() => _entries = [];

    private FieldTable(List<KeyValuePair<string, FieldValue>> entries) => _entries = entries;

    /// <summary>Shared; must not be added to.</summary>
    public static FieldTable Empty { get; } = new();

    public int Count => _entries.Count;

    /// <summary>Octets of the entries on the wire, without the length prefix of the table itself.</summary>
    public int EncodedLength
    {
        get
        {
            var length = 0;
            foreach (var (key, value) in _entries) length += AmqpWriter.ShortStringSize(key) + value.EncodedLength;
            return length;
        }
    }

    /// <summary>The value of the last entry with this key.</summary>
    public bool TryGet(string key, out FieldValue value)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (!string.Equals(_entries[i].Key, key, StringComparison.Ordinal)) continue;
            value = _entries[i].Value;
            return true;
        }
        value = default;
        return false;
    }

    public bool Contains(string key) => TryGet(key, out _);

    public FieldTable Add(string key, FieldValue value)
    {
        if (ReferenceEquals(this, Empty)) throw new InvalidOperationException("the empty table is shared");
        _entries.Add(new(key, value));
        return this;
    }

    public FieldTable Add(string key, string value) => Add(key, FieldValue.String(value));

    public FieldTable Add(string key, bool value) => Add(key, FieldValue.Boolean(value));

    public FieldTable Add(string key, int value) => Add(key, FieldValue.Int(value));

    public FieldTable Add(string key, long value) => Add(key, FieldValue.Long(value));

    public FieldTable Add(string key, double value) => Add(key, FieldValue.Double(value));

    public FieldTable Add(string key, FieldTable value) => Add(key, FieldValue.Table(value));

    /// <param name="entries">The entries without the length prefix.</param>
    /// <exception cref="FormatException">They are not a whole table.</exception>
    public static FieldTable Decode(ReadOnlySpan<byte> entries) =>
        TryDecode(entries, out var table) ? table : throw new FormatException("malformed field table");

    /// <summary>The same without the exception; a failure gives the empty table.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> entries, out FieldTable table)
    {
        var valid = FieldWire.IsValidTable(entries);
        table = valid ? FromChecked(entries) : Empty;
        return valid;
    }

    /// <summary>Writes the entries without the length prefix; returns the octets written.</summary>
    public int Encode(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        foreach (var (key, value) in _entries)
        {
            writer.ShortString(key);
            value.Encode(ref writer);
        }
        return writer.Position;
    }

    /// <summary>The entries on the wire, without the length prefix.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[EncodedLength];
        Encode(bytes);
        return bytes;
    }

    /// <summary>The same keys with equal values, types included; the order of different keys does not count.</summary>
    public bool Equals(FieldTable? other) =>
        ReferenceEquals(this, other)
        || (other is not null && other.Count == Count && other.Covers(this) && Covers(other));

    public override bool Equals(object? obj) => Equals(obj as FieldTable);

    public override int GetHashCode()
    {
        var hash = Count;
        foreach (var (key, _) in _entries) hash ^= string.GetHashCode(key, StringComparison.Ordinal);
        return hash;
    }

    public List<KeyValuePair<string, FieldValue>>.Enumerator GetEnumerator() => _entries.GetEnumerator();

    IEnumerator<KeyValuePair<string, FieldValue>> IEnumerable<KeyValuePair<string, FieldValue>>.GetEnumerator() =>
        _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _entries.GetEnumerator();

    /// <summary>For logs and error texts, not for the wire.</summary>
    public override string ToString() => "{" + string.Join(", ", _entries.Select(e => $"{e.Key}: {e.Value}")) + "}";

    private bool Covers(FieldTable other)
    {
        foreach (var (key, _) in other._entries)
        {
            other.TryGet(key, out var theirs);
            if (!TryGet(key, out var mine) || mine != theirs) return false;
        }
        return true;
    }

    internal static FieldTable FromChecked(ReadOnlySpan<byte> entries)
    {
        if (entries.IsEmpty) return Empty;
        var list = new List<KeyValuePair<string, FieldValue>>();
        for (var reader = new FieldTableReader(entries); reader.Next();)
        {
            list.Add(new(Encoding.UTF8.GetString(reader.Key), reader.ToFieldValue()));
        }
        return new FieldTable(list);
    }
}
