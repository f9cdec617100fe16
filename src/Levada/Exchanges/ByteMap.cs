using System.Runtime.InteropServices;

namespace Levada.Exchanges;

/// <summary>
/// An immutable map from bytes (names and words in UTF-8) to values: a hash array mapped trie, 32 ways a level.
/// A change copies the path to one entry, O(log n), and leaves every older version as it was, so a reader needs nothing
/// but the reference it holds. A look-up takes a span and allocates nothing. The hash is seeded per process: a client
/// that picks names cannot make them collide.
/// </summary>
internal sealed class ByteMap<TValue>
{
    /// <summary>The map with nothing in it.</summary>
    public static readonly ByteMap<TValue> Empty = new(ByteMapNode<TValue>.Empty, 0);

    private readonly ByteMapNode<TValue> _root;

    private ByteMap(ByteMapNode<TValue> root, int count)
    {
        _root = root;
        Count = count;
    }

    public int Count { get; }

    public bool TryGet(ReadOnlySpan<byte> key, out TValue value) => TryGet(key, ByteHash.Of(key), out value);

    /// <summary>As the other one, for who looks the same key up in several maps and has its hash.</summary>
    public bool TryGet(ReadOnlySpan<byte> key, int hash, out TValue value) => _root.TryGet(key, hash, out value);

    /// <summary>This map with the key leading to the value, whatever it led to before. The array is kept.</summary>
    public ByteMap<TValue> Set(byte[] key, TValue value)
    {
        var entry = new ByteMapEntry<TValue>(key, ByteHash.Of(key), value);
        var root = _root.Set(entry, 0, out var added);
        return new ByteMap<TValue>(root, added ? Count + 1 : Count);
    }

    /// <summary>This map without the key; the same map if it is not there.</summary>
    public ByteMap<TValue> Remove(ReadOnlySpan<byte> key)
    {
        var root = _root.Remove(key, ByteHash.Of(key), 0);
        if (ReferenceEquals(root, _root))
            return this;
        return root is null ? Empty : new ByteMap<TValue>(root, Count - 1);
    }

    public ByteMapEnumerator<TValue> GetEnumerator() => new(_root);

    /// <summary>The values in no order; for listings, where a sequence is handier than the enumerator.</summary>
    public List<TValue> Values()
    {
        var values = new List<TValue>(Count);
        foreach (ref readonly var entry in this)
            values.Add(entry.Value);
        return values;
    }
}

/// <summary>
/// The hash of <see cref="ByteMap{TValue}"/>: the runtime's seeded one for strings, applied to bytes.
/// </summary>
internal static class ByteHash
{
    public static int Of(ReadOnlySpan<byte> key)
    {
        var hash = string.GetHashCode(MemoryMarshal.Cast<byte, char>(key));
        // The cast leaves an odd last byte out. Keys that differ in it only must not collide.
        return (key.Length & 1) == 0 ? hash : (hash ^ (key[^1] + 1)) * unchecked((int)0x9E3779B1);
    }
}
