namespace Levada.Platform;

/// <summary>An open file. Reads and writes name their offset; different threads may read and write at once.</summary>
public interface IDiskFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads up to the buffer's length; fewer only at the end of the file.</summary>
    int Read(long offset, Span<byte> buffer);

    void Write(long offset, ReadOnlySpan<byte> bytes);

    void SetLength(long bytes);

    /// <summary>Reserves space for a range, so that a later write there cannot meet a full disk.</summary>
    void Allocate(long offset, long bytes);

    /// <summary>
    /// Makes everything written so far durable (fdatasync). After a failure the file must not be trusted.
    /// </summary>
    void Sync();
}
