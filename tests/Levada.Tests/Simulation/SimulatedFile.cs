using Levada.Platform;

namespace Levada.Tests.Simulation;

/// <summary>
/// What a simulated file is, with or without a name: what reads see, and what a crash leaves. Pages of 4 KiB that were
/// not synced survive a crash or not, each by a coin; of the page written last a part may.
/// </summary>
internal sealed class SimulatedFile(SimulatedDisk disk)
{
    private const int PageBytes = 4096;
    private const int SectorBytes = 512;

    private readonly HashSet<long> _dirty = [];
    private readonly HashSet<long> _allocated = [];
    private byte[] _seen = [];
    private byte[] _durable = [];
    private long _lastPage = -1;

    /// <summary>How often it is open.</summary>
    public int Handles { get; set; }

    public int Length { get; private set; }

    public int DurableLength { get; private set; }

    /// <summary>Bytes of disk that it takes.</summary>
    public long AllocatedBytes => _allocated.Count * (long)PageBytes;

    public int Read(long offset, Span<byte> buffer)
    {
        int count = (int)Math.Clamp(Length - offset, 0, buffer.Length);
        if (count > 0)
            _seen.AsSpan((int)offset, count).CopyTo(buffer);
        return count;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        Reserve(offset, bytes.Length);
        Grow((int)offset + bytes.Length);
        bytes.CopyTo(_seen.AsSpan((int)offset));
        for (long page = offset / PageBytes; page <= (offset + bytes.Length - 1) / PageBytes; page++)
            _dirty.Add(_lastPage = page);
    }

    public void SetLength(long bytes)
    {
        if (bytes > Length)
        {
            Grow((int)bytes);
            return;
        }

        _seen.AsSpan((int)bytes, Length - (int)bytes).Clear();
        Length = (int)bytes;
        _allocated.RemoveWhere(page => page * PageBytes >= bytes);
    }

    public void Allocate(long offset, long bytes)
    {
        Reserve(offset, bytes);
        Grow((int)(offset + bytes));
    }

    /// <summary>Everything seen is durable now.</summary>
    public void Sync()
    {
        _durable = _seen.AsSpan(0, Length).ToArray();
        DurableLength = Length;
        _dirty.Clear();
    }

    /// <summary>A failed sync: the pages count as clean although they are not on the disk.</summary>
    public void FailSync()
    {
        foreach (long page in _dirty)
            disk.Forget(this, page);
        _dirty.Clear();
    }

    /// <summary>What a crash leaves. A length that was not synced survives by a coin too.</summary>
    public void Crash(Dice dice, IReadOnlySet<long> forgotten)
    {
        int length = dice.Chance(50) ? Length : DurableLength;
        byte[] left = new byte[length];
        _durable.AsSpan(0, Math.Min(DurableLength, length)).CopyTo(left);
        foreach (long page in _dirty.Concat(forgotten))
        {
            int start = (int)page * PageBytes;
            int end = Math.Min(Math.Min(start + PageBytes, Length), length);
            if (start >= end)
                continue;
            if (page == _lastPage && dice.Chance(50))
                end = Math.Min(end, start + dice.Next(PageBytes / SectorBytes) * SectorBytes);
            else if (dice.Chance(50))
                continue;
            _seen.AsSpan(start, end - start).CopyTo(left.AsSpan(start));
        }

        _durable = left;
        _seen = [.. left];
        Length = DurableLength = length;
        _dirty.Clear();
        _lastPage = -1;
    }

    /// <summary>What is at rest decays.</summary>
    public void FlipBit(long offset, int bit)
    {
        _seen[offset] ^= (byte)(1 << bit);
        if (offset < _durable.Length)
            _durable[offset] ^= (byte)(1 << bit);
    }

    private void Reserve(long offset, long bytes)
    {
        if (bytes <= 0)
            return;
        var lacking = new List<long>();
        for (long page = offset / PageBytes; page <= (offset + bytes - 1) / PageBytes; page++)
        {
            if (!_allocated.Contains(page))
                lacking.Add(page);
        }

        if (lacking.Count * (long)PageBytes > disk.FreeBytes(""))
            throw new DiskFullException("the simulated disk is full");
        _allocated.UnionWith(lacking);
    }

    private void Grow(int length)
    {
        if (length > _seen.Length)
            Array.Resize(ref _seen, Math.Max(length, _seen.Length * 2));
        Length = Math.Max(Length, length);
    }
}
