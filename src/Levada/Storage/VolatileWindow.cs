using System.Buffers.Binary;

namespace Levada.Storage;

/// <summary>
/// Where the bytes of messages live that are in no journal: blocks filled one after the other, given back when nothing
/// points into them. Owned by the turn. A block is only used again from the next turn on, so that what a turn has been
/// shown stays what it was until the turn ends.
/// </summary>
internal sealed class VolatileWindow
{
    private const int PrefixBytes = sizeof(int);

    private readonly StoreOptions _options;
    private readonly Stack<byte[]> _freeBytes = new();
    private readonly Stack<int> _freeNumbers = new();
    private readonly List<VolatileBlock> _dead = [];

    // Oldest first, so that what is retired has lower sequences than what stays.
    private readonly List<VolatileBlock> _used = [];
    private VolatileBlock?[] _blocks = new VolatileBlock?[8];
    private VolatileBlock? _current;
    private int _numbersUsed;

    public VolatileWindow(StoreOptions options) => _options = options;

    /// <summary>Memory of all blocks that hold something or are being filled, in bytes.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The same, with blocks that are free or will be in the next turn.</summary>
    public long HeldBytes => UsedBytes + ((long)_freeBytes.Count * _options.VolatileBlockBytes)
        + _dead.Sum(static block => (long)block.Bytes.Length);

    /// <summary>Entries that pointed into blocks when these were marked for retiring.</summary>
    public long RetiringLive { get; private set; }

    /// <summary>There is a block that could be retired, if need be the one being filled.</summary>
    public bool HasRetirable => _used.Count > 1 || (_used.Count == 1 && (_used[0] != _current || _current.Live > 0));

    /// <summary>Entries that point into blocks.</summary>
    public long Live { get; private set; }

    public Location Append(ReadOnlySpan<byte> message, int references)
    {
        int length = PrefixBytes + message.Length;
        VolatileBlock block = _current is { } current && current.Bytes.Length - current.Used >= length
            ? current
            : Next(length);
        Span<byte> room = block.Bytes.AsSpan(block.Used, length);
        BinaryPrimitives.WriteInt32LittleEndian(room, message.Length);
        message.CopyTo(room[PrefixBytes..]);
        var location = Location.InVolatile(block.Number, block.Used);
        block.Used += length;
        block.Live += references;
        Live += references;
        return location;
    }

    public ReadOnlySpan<byte> Read(Location location) => MessageAt(BytesOf(location), (int)location.Offset);

    /// <summary>The message at an offset of a block.</summary>
    public static ReadOnlySpan<byte> MessageAt(byte[] block, int offset)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(block.AsSpan(offset));
        return block.AsSpan(offset + PrefixBytes, length);
    }

    public byte[] BytesOf(Location location) => _blocks[location.Unit]!.Bytes;

    public bool IsRetiring(Location location) => _blocks[location.Unit]!.IsRetiring;

    /// <summary>One entry less points to this message.</summary>
    public void Release(Location location)
    {
        VolatileBlock block = _blocks[location.Unit]!;
        Live--;
        if (--block.Live > 0 || block.IsRetiring)
            return;
        if (block == _current)
        {
            // The next messages go into it, unless it was made for a large one.
            if (block.Bytes.Length <= _options.VolatileBlockBytes)
                return;
            _current = null;
        }

        Bury(block);
    }

    /// <summary>
    /// Marks the oldest blocks for being copied to a segment; the one being filled only if it is alone, as when a
    /// single message is larger than the window.
    /// </summary>
    /// <param name="bytes">About how much memory they should have.</param>
    public void BeginRetiring(long bytes)
    {
        long marked = 0;
        foreach (VolatileBlock block in _used)
        {
            if (marked >= bytes || (block == _current && marked > 0))
                return;
            if (block == _current)
                _current = null;
            block.IsRetiring = true;
            marked += block.Bytes.Length;
            RetiringLive += block.Live;
        }
    }

    /// <summary>
    /// The blocks marked are not read any more; those that nothing points into are free from the next turn on.
    /// </summary>
    public void EndRetiring()
    {
        RetiringLive = 0;
        foreach (VolatileBlock block in _used)
        {
            if (!block.IsRetiring)
                continue;
            block.IsRetiring = false;
            if (block.Live == 0)
                Bury(block);
        }
    }

    /// <summary>
    /// At the start of a turn: blocks that nothing pointed into at the end of the last are free again.
    /// </summary>
    public void Recycle()
    {
        if (_current is { Live: 0, Used: > 0 } current)
            current.Used = 0;
        if (_dead.Count == 0)
            return;
        foreach (VolatileBlock block in _dead)
            Free(block);
        _dead.Clear();
    }

    private VolatileBlock Next(int length)
    {
        VolatileBlock? full = _current;
        byte[] bytes = length <= _options.VolatileBlockBytes && _freeBytes.TryPop(out byte[]? free)
            ? free
            : GC.AllocateUninitializedArray<byte>(Math.Max(length, _options.VolatileBlockBytes));
        if (!_freeNumbers.TryPop(out int number))
            number = _numbersUsed++;
        if (number == _blocks.Length)
            Array.Resize(ref _blocks, _blocks.Length * 2);
        _current = _blocks[number] = new VolatileBlock(number, bytes);
        _used.Add(_current);
        UsedBytes += bytes.Length;
        if (full is { Live: 0 })
            Bury(full);
        return _current;
    }

    // Counts as free at once: whoever waits for room may be the only one who would cause another turn.
    private void Bury(VolatileBlock block)
    {
        _dead.Add(block);
        UsedBytes -= block.Bytes.Length;
    }

    private void Free(VolatileBlock block)
    {
        _used.Remove(block);
        _blocks[block.Number] = null;
        _freeNumbers.Push(block.Number);
        long kept = (long)_freeBytes.Count * _options.VolatileBlockBytes;
        if (block.Bytes.Length == _options.VolatileBlockBytes
            && kept < _options.VolatileWindowBytes / _options.ShardCount)
            _freeBytes.Push(block.Bytes);
    }
}
