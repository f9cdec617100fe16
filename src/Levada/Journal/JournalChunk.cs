namespace Levada.Journal;

/// <summary>
/// A stretch of a journal file in memory. The turn fills it and later gives it back; the flusher reads what it was
/// handed and moves <see cref="Written"/>.
/// </summary>
internal sealed class JournalChunk(byte[] bytes)
{
    private int _written;

    public byte[] Bytes { get; } = bytes;

    public JournalFile File { get; private set; } = null!;

    /// <summary>Offset of its first byte in the file.</summary>
    public long Base { get; private set; }

    /// <summary>Bytes filled.</summary>
    public int Used { get; set; }

    /// <summary>Bytes handed to the flusher.</summary>
    public int Handed { get; set; }

    /// <summary>The flusher has all of it, and so it has all before.</summary>
    public bool IsHanded => Used > 0 && Handed == Used;

    /// <summary>Bytes that are in the file.</summary>
    public int Written
    {
        get => Volatile.Read(ref _written);
        set => Volatile.Write(ref _written, value);
    }

    public void Start(JournalFile file, long offset)
    {
        File = file;
        Base = offset;
        Used = Handed = Written = 0;
    }
}
