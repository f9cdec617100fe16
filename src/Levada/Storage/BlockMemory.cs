using System.Numerics;

namespace Levada.Storage;

/// <summary>
/// The buffers that blocks from disk are read into, by powers of two from 4 KiB. Owned by the turn. Lends no more than
/// the shard's share unless a single block is larger.
/// </summary>
internal sealed class BlockMemory(StoreOptions options)
{
    private const int SmallestShift = 12;

    private readonly long _shareBytes = options.ReadMemoryBytes / options.ShardCount;
    private readonly Stack<byte[]>[] _free = [.. Enumerable.Range(0, 20).Select(_ => new Stack<byte[]>())];
    private long _freeBytes;

    /// <summary>Bytes lent and free.</summary>
    public long HeldBytes => UsedBytes + _freeBytes;

    /// <summary>Bytes lent.</summary>
    public long UsedBytes { get; private set; }

    public static int RoomFor(int bytes) =>
        (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Max(bytes, 1 << SmallestShift)), Array.MaxLength);

    /// <summary>Whether a block of this size fits into the share now.</summary>
    public bool HasRoom(int bytes) => UsedBytes == 0 || UsedBytes + RoomFor(bytes) <= _shareBytes;

    public byte[] Rent(int bytes)
    {
        int room = RoomFor(bytes);
        UsedBytes += room;
        int shift = BitOperations.Log2((uint)room) - SmallestShift;
        if (shift < _free.Length && _free[shift].TryPop(out byte[]? buffer))
        {
            _freeBytes -= room;
            return buffer;
        }

        return GC.AllocateUninitializedArray<byte>(room);
    }

    public void Return(byte[] buffer)
    {
        UsedBytes -= buffer.Length;
        int shift = BitOperations.Log2((uint)buffer.Length) - SmallestShift;
        if (shift >= _free.Length || buffer.Length > options.ReadBlockBytes * 2
            || UsedBytes + _freeBytes + buffer.Length > _shareBytes)
            return;
        _freeBytes += buffer.Length;
        _free[shift].Push(buffer);
    }
}
