using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// What of the journal can be read: the files that still hold live messages, and the chunks of its end that are in
/// memory. Owned by the turn.
/// </summary>
internal sealed class JournalWindow(StoreOptions options)
{
    private const int ChunkBytesMax = 256 << 10;
    private const int ChunksMin = 8;

    private readonly int _chunkBytes = Math.Min(ChunkBytesMax, options.JournalMemoryBytes / ChunksMin);
    private readonly List<JournalChunk> _chunks = [];
    private readonly Stack<JournalChunk> _free = new();

    /// <summary>All files that are not recycled yet, oldest first.</summary>
    public List<JournalFile> Files { get; } = [];

    /// <summary>The chunks in memory, oldest first; the last one is being filled.</summary>
    public IReadOnlyList<JournalChunk> Chunks => _chunks;

    /// <summary>Memory of all chunks, in bytes.</summary>
    public long UsedBytes { get; private set; }

    /// <summary>The same, and what is kept for the next ones.</summary>
    public long HeldBytes => UsedBytes + ((long)_free.Count * _chunkBytes);

    /// <summary>Bytes that are in no file yet.</summary>
    public long UnwrittenBytes
    {
        get
        {
            long bytes = 0;
            foreach (JournalChunk chunk in _chunks)
                bytes += chunk.Used - chunk.Written;
            return bytes;
        }
    }

    /// <summary>Entries that point into files.</summary>
    public long Live
    {
        get
        {
            long live = 0;
            foreach (JournalFile file in Files)
                live += file.Live;
            return live;
        }
    }

    /// <summary>The oldest full file whose messages are not copied to segments yet; null if there is none.</summary>
    public JournalFile? NextToCopy(JournalFile? current)
    {
        foreach (JournalFile file in Files)
        {
            if (file != current && !file.IsCopied)
                return file;
        }

        return null;
    }

    public JournalFile Find(Location location)
    {
        for (int i = Files.Count - 1; i >= 0; i--)
        {
            if (Location.UnitOf(Files[i].Number) == location.Unit)
                return Files[i];
        }

        throw new InvalidOperationException($"no journal file for {location}");
    }

    /// <summary>How far a file may be read: what is not written yet is in memory only.</summary>
    public long ReadableEnd(JournalFile file)
    {
        foreach (JournalChunk chunk in _chunks)
        {
            if (chunk.File == file)
                return chunk.Base;
        }

        return file.End;
    }

    /// <summary>The record at this place, if it is still in memory.</summary>
    public bool TryRead(Location location, out ReadOnlySpan<byte> record)
    {
        for (int i = _chunks.Count - 1; i >= 0; i--)
        {
            JournalChunk chunk = _chunks[i];
            long at = location.Offset - chunk.Base;
            if (at < 0 || at >= chunk.Used || Location.UnitOf(chunk.File.Number) != location.Unit)
                continue;
            ReadOnlySpan<byte> rest = chunk.Bytes.AsSpan((int)at);
            record = rest[..RecordFormat.Length(rest)];
            return true;
        }

        record = default;
        return false;
    }

    public JournalChunk NewChunk(JournalFile file, long offset, int bytesMin)
    {
        if (bytesMin > _chunkBytes || !_free.TryPop(out JournalChunk? chunk))
            chunk = new JournalChunk(GC.AllocateUninitializedArray<byte>(Math.Max(_chunkBytes, bytesMin)));
        chunk.Start(file, offset);
        _chunks.Add(chunk);
        UsedBytes += chunk.Bytes.Length;
        return chunk;
    }

    /// <summary>At the start of a turn: chunks beyond the memory's share that are written are free again.</summary>
    public void Recycle()
    {
        int freed = 0;
        while (UsedBytes > options.JournalMemoryBytes && freed < _chunks.Count - 1
            && _chunks[freed].Written == _chunks[freed].Used)
        {
            JournalChunk chunk = _chunks[freed++];
            UsedBytes -= chunk.Bytes.Length;
            if (chunk.Bytes.Length == _chunkBytes && _free.Count * (long)_chunkBytes < options.JournalMemoryBytes)
                _free.Push(chunk);
        }

        if (freed > 0)
            _chunks.RemoveRange(0, freed);
    }
}
