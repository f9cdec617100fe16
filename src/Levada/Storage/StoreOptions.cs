using Levada.Metrics;

namespace Levada.Storage;

/// <summary>The limits of one shard's store. Sums for the node are divided by <see cref="ShardCount"/>.</summary>
public sealed record StoreOptions
{
    /// <summary>Grows durably with every start of the node, before the first append; from 1.</summary>
    public required uint Epoch { get; init; }

    /// <summary>How many shards share the sums below.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>Memory for the bytes of messages that are in no file, for the whole node.</summary>
    public long VolatileWindowBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Messages that may have an entry in memory, for the whole node; then the fuller window is retired.
    /// </summary>
    public int WindowEntriesMax { get; init; } = 500_000;

    /// <summary>
    /// The memory in which messages of the volatile window are laid; larger messages get a block each.
    /// </summary>
    public int VolatileBlockBytes { get; init; } = 256 << 10;

    /// <summary>Size of a journal file; one with a larger group is longer.</summary>
    public long JournalFileBytes { get; init; } = 64 << 20;

    /// <summary>How much of the journal's end stays readable without the disk.</summary>
    public int JournalMemoryBytes { get; init; } = 2 << 20;

    /// <summary>Written without anybody waiting once this much has gathered.</summary>
    public int GroupBytes { get; init; } = 128 << 10;

    /// <summary>Written at the latest after this time if nobody waits.</summary>
    public TimeSpan WriteDelay { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Durable at the latest after this time if nobody waits.</summary>
    public TimeSpan SyncDelay { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often work that found the disk full is tried again.</summary>
    public TimeSpan DiskRetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes read from a segment or an older part of the journal at a time.</summary>
    public int ReadBlockBytes { get; init; } = 256 << 10;

    /// <summary>Memory for blocks read from disk, for the whole node.</summary>
    public long ReadMemoryBytes { get; init; } = 16 << 20;

    /// <summary>A queue with this much in a retired window gets a segment file of its own.</summary>
    public long OwnSegmentBytes { get; init; } = 4 << 20;

    /// <summary>An unlinked file of volatile messages is not written to any more from this size on.</summary>
    public long VolatileSegmentBytes { get; init; } = 64 << 20;

    /// <summary>Messages of a queue that one turn lets go of when it is purged or deleted.</summary>
    public int RemovalsPerTurn { get; init; } = 10_000;

    /// <summary>A segment with under a quarter of its messages live for this long is copied forward.</summary>
    public TimeSpan StragglerDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Nothing happens in the background: an offline tool looks at what there is, and nothing of it is to move.
    /// </summary>
    internal bool WithoutUpkeep { get; init; }

    /// <summary>This shard's part of <see cref="VolatileWindowBytes"/>.</summary>
    internal long VolatileShareBytes => VolatileWindowBytes / ShardCount;

    /// <summary>This shard's part of <see cref="WindowEntriesMax"/>.</summary>
    internal int EntriesShare => WindowEntriesMax / ShardCount;

    /// <summary>Timers; never asked for the time of day.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Draws the tags of journal files.</summary>
    public Random Random { get; init; } = Random.Shared;

    /// <summary>
    /// Called when what is on disk cannot be trusted any more (a failed fsync). Must end the process.
    /// </summary>
    public Action<string, Exception> Fatal { get; init; } = Environment.FailFast;

    /// <summary>Where it is counted how long things take.</summary>
    public PathTimings Timings { get; init; } = new();
}
