namespace Levada.Storage;

/// <summary>
/// What copying messages to segments needs in memory: kept from job to job, so that a growing backlog costs no garbage.
/// One for each kind, durable and volatile; belongs to the one job of that kind.
/// </summary>
internal sealed class CopyBuffers
{
    private const int BufferBytes = 256 << 10;
    private const int ReferenceBufferBytes = 4 << 10;

    private readonly Stack<byte[]> _free = new();

    public RetireBatch Batch { get; } = new();

    /// <summary>Reads the file that is copied from.</summary>
    public FileScan Scan { get; } = new(BufferBytes);

    /// <summary>Reads, in the same file, what a record refers to.</summary>
    public FileScan ReferenceScan { get; } = new(ReferenceBufferBytes);

    /// <summary>The sequences of the run being written.</summary>
    public List<ulong> Sequences { get; } = [];

    /// <summary>The blocks of the run being written.</summary>
    public List<BlockStart> Blocks { get; } = [];

    public byte[] Rent() =>
        _free.TryPop(out byte[]? buffer) ? buffer : GC.AllocateUninitializedArray<byte>(BufferBytes);

    public void Return(byte[] buffer)
    {
        if (buffer.Length == BufferBytes)
            _free.Push(buffer);
    }
}
