using System.Numerics;

namespace Levada.Exchanges;

/// <summary>A key with its hash and value, as a node of <see cref="ByteMap{TValue}"/> holds it.</summary>
internal readonly struct ByteMapEntry<TValue>(byte[] key, int hash, TValue value)
{
    public readonly byte[] Key = key;
    public readonly int Hash = hash;
    public readonly TValue Value = value;

    public bool Is(ReadOnlySpan<byte> key, int hash) => Hash == hash && key.SequenceEqual(Key);
}

/// <summary>
/// A node of <see cref="ByteMap{TValue}"/>; never changed once another thread can see it. Five bits of the hash choose
/// one of 32 places; a place holds nothing, one entry (a bit in <c>_entryBits</c>) or a child (a bit in
/// <c>_childBits</c>). Below the last bits of the hash a node is a plain list of entries whose whole hashes are equal.
/// </summary>
internal sealed class ByteMapNode<TValue>
{
    public static readonly ByteMapNode<TValue> Empty = new(0, [], 0, []);

    private const int BitsPerLevel = 5;
    private const int HashBits = 32;

    private readonly uint _entryBits;
    private readonly uint _childBits;

    private ByteMapNode(uint entryBits, ByteMapEntry<TValue>[] entries, uint childBits, ByteMapNode<TValue>[] children)
    {
        _entryBits = entryBits;
        _childBits = childBits;
        Entries = entries;
        Children = children;
    }

    public ByteMapEntry<TValue>[] Entries { get; }

    public ByteMapNode<TValue>[] Children { get; }

    public bool TryGet(ReadOnlySpan<byte> key, int hash, out TValue value)
    {
        var node = this;
        for (var shift = 0; shift < HashBits; shift += BitsPerLevel)
        {
            var bit = BitAt(hash, shift);
            if ((node._childBits & bit) != 0)
            {
                node = node.Children[Place(node._childBits, bit)];
                continue;
            }

            if ((node._entryBits & bit) != 0)
            {
                ref readonly var entry = ref node.Entries[Place(node._entryBits, bit)];
                if (entry.Is(key, hash))
                {
                    value = entry.Value;
                    return true;
                }
            }

            value = default!;
            return false;
        }

        foreach (ref readonly var entry in node.Entries.AsSpan())
        {
            if (!entry.Is(key, hash))
                continue;
            value = entry.Value;
            return true;
        }

        value = default!;
        return false;
    }

    public ByteMapNode<TValue> Set(in ByteMapEntry<TValue> entry, int shift, out bool added)
    {
        if (shift >= HashBits)
            return SetInList(entry, out added);
        var bit = BitAt(entry.Hash, shift);
        if ((_childBits & bit) != 0)
        {
            var place = Place(_childBits, bit);
            return WithChild(place, Children[place].Set(entry, shift + BitsPerLevel, out added));
        }

        var at = Place(_entryBits, bit);
        if ((_entryBits & bit) == 0)
        {
            added = true;
            return new ByteMapNode<TValue>(_entryBits | bit, Inserted(Entries, at, entry), _childBits, Children);
        }

        if (Entries[at].Is(entry.Key, entry.Hash))
        {
            added = false;
            return new ByteMapNode<TValue>(_entryBits, Replaced(Entries, at, entry), _childBits, Children);
        }

        added = true;
        var child = Empty.Set(Entries[at], shift + BitsPerLevel, out _).Set(entry, shift + BitsPerLevel, out _);
        return new ByteMapNode<TValue>(
            _entryBits & ~bit,
            Without(Entries, at),
            _childBits | bit,
            Inserted(Children, Place(_childBits, bit), child));
    }

    /// <summary>This node without the key: itself if it is not there, null if nothing would be left.</summary>
    public ByteMapNode<TValue>? Remove(ReadOnlySpan<byte> key, int hash, int shift)
    {
        if (shift >= HashBits)
            return RemoveFromList(key, hash);
        var bit = BitAt(hash, shift);
        if ((_childBits & bit) != 0)
        {
            var place = Place(_childBits, bit);
            var child = Children[place].Remove(key, hash, shift + BitsPerLevel);
            if (ReferenceEquals(child, Children[place]))
                return this;
            return child is null ? WithoutChild(bit, place) : WithSmallerChild(bit, place, child);
        }

        var at = Place(_entryBits, bit);
        if ((_entryBits & bit) == 0 || !Entries[at].Is(key, hash))
            return this;
        if (Entries.Length == 1 && _childBits == 0)
            return null;
        return new ByteMapNode<TValue>(_entryBits & ~bit, Without(Entries, at), _childBits, Children);
    }

    private ByteMapNode<TValue> SetInList(in ByteMapEntry<TValue> entry, out bool added)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            if (!Entries[i].Is(entry.Key, entry.Hash))
                continue;
            added = false;
            return new ByteMapNode<TValue>(0, Replaced(Entries, i, entry), 0, []);
        }

        added = true;
        return new ByteMapNode<TValue>(0, Inserted(Entries, Entries.Length, entry), 0, []);
    }

    private ByteMapNode<TValue>? RemoveFromList(ReadOnlySpan<byte> key, int hash)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Is(key, hash))
                return Entries.Length == 1 ? null : new ByteMapNode<TValue>(0, Without(Entries, i), 0, []);
        }

        return this;
    }

    private ByteMapNode<TValue> WithChild(int place, ByteMapNode<TValue> child) =>
        new(_entryBits, Entries, _childBits, Replaced(Children, place, child));

    private ByteMapNode<TValue>? WithoutChild(uint bit, int place)
    {
        if (_entryBits == 0 && Children.Length == 1)
            return null;
        return new ByteMapNode<TValue>(_entryBits, Entries, _childBits & ~bit, Without(Children, place));
    }

    // A child with a single entry moves up, so that a map that shrinks is as flat as one that never grew.
    private ByteMapNode<TValue> WithSmallerChild(uint bit, int place, ByteMapNode<TValue> child)
    {
        if (child.Entries.Length != 1 || child.Children.Length != 0)
            return WithChild(place, child);
        return new ByteMapNode<TValue>(
            _entryBits | bit,
            Inserted(Entries, Place(_entryBits, bit), child.Entries[0]),
            _childBits & ~bit,
            Without(Children, place));
    }

    private static uint BitAt(int hash, int shift) => 1u << ((int)((uint)hash >> shift) & 31);

    private static int Place(uint bits, uint bit) => BitOperations.PopCount(bits & (bit - 1));

    private static T[] Inserted<T>(T[] from, int at, T item)
    {
        var to = new T[from.Length + 1];
        from.AsSpan(0, at).CopyTo(to);
        to[at] = item;
        from.AsSpan(at).CopyTo(to.AsSpan(at + 1));
        return to;
    }

    private static T[] Replaced<T>(T[] from, int at, T item)
    {
        var to = from.AsSpan().ToArray();
        to[at] = item;
        return to;
    }

    private static T[] Without<T>(T[] from, int at)
    {
        if (from.Length == 1)
            return [];
        var to = new T[from.Length - 1];
        from.AsSpan(0, at).CopyTo(to);
        from.AsSpan(at + 1).CopyTo(to.AsSpan(at));
        return to;
    }
}
