namespace Levada.Storage;

/// <summary>
/// What a store has done since the start. Each is written by one thread at a time and may be read from any; a reader
/// may see one ahead of the other.
/// </summary>
public sealed class StoreCounters
{
    private long _syncs;
    private long _journalBytes;
    private long _retired;
    private long _forwarded;
    private long _checkpoints;
    private long _blocksRead;
    private long _damaged;

    /// <summary>Syncs of the journal.</summary>
    public long Syncs => Volatile.Read(ref _syncs);

    /// <summary>Bytes written to the journal.</summary>
    public long JournalBytes => Volatile.Read(ref _journalBytes);

    /// <summary>Messages copied from a full window to a segment.</summary>
    public long Retired => Volatile.Read(ref _retired);

    /// <summary>Messages copied from an old segment to a new one.</summary>
    public long Forwarded => Volatile.Read(ref _forwarded);

    public long Checkpoints => Volatile.Read(ref _checkpoints);

    /// <summary>Blocks read from disk for consumers.</summary>
    public long BlocksRead => Volatile.Read(ref _blocksRead);

    /// <summary>Messages or records found damaged, the recovery's included.</summary>
    public long Damaged => Volatile.Read(ref _damaged);

    internal void AddSync() => Volatile.Write(ref _syncs, _syncs + 1);

    internal void AddJournalBytes(long bytes) => Volatile.Write(ref _journalBytes, _journalBytes + bytes);

    internal void AddRetired(long messages) => Volatile.Write(ref _retired, _retired + messages);

    internal void AddForwarded(long messages) => Volatile.Write(ref _forwarded, _forwarded + messages);

    internal void AddCheckpoint() => Volatile.Write(ref _checkpoints, _checkpoints + 1);

    internal void AddBlockRead() => Volatile.Write(ref _blocksRead, _blocksRead + 1);

    internal void AddDamaged(long messages) => Volatile.Write(ref _damaged, _damaged + messages);
}
