using System.Numerics;

namespace Levada.Storage;

/// <summary>
/// The arrays behind all <see cref="EntryRing"/>s of a shard, by powers of two from 4 to 1,024 entries.
/// Owned by the turn. Keeps what is given back up to a number of bytes, leaves the rest to the collector.
/// </summary>
internal sealed class EntryPool(long keepBytes)
{
    public const int SmallestLength = 4;
    public const int ChunkLength = 1024;
    private const int EntryBytes = 16;

    private readonly Stack<Entry[]>[] _free = NewStacks();
    private long _keptBytes;

    private long _lentBytes;

    /// <summary>Memory of all arrays, lent or kept.</summary>
    public long HeldBytes => _lentBytes + _keptBytes;

    public Entry[] Rent(int length)
    {
        _lentBytes += length * EntryBytes;
        if (_free[Class(length)].TryPop(out Entry[]? array))
        {
            _keptBytes -= length * EntryBytes;
            return array;
        }

        return GC.AllocateUninitializedArray<Entry>(length);
    }

    public void Return(Entry[] array)
    {
        _lentBytes -= array.Length * EntryBytes;
        if (_keptBytes + array.Length * EntryBytes > keepBytes)
            return;
        _keptBytes += array.Length * EntryBytes;
        _free[Class(array.Length)].Push(array);
    }

    private static int Class(int length) => BitOperations.Log2((uint)length);

    private static Stack<Entry[]>[] NewStacks()
    {
        var stacks = new Stack<Entry[]>[Class(ChunkLength) + 1];
        for (int i = 0; i < stacks.Length; i++)
            stacks[i] = new Stack<Entry[]>();
        return stacks;
    }
}
