namespace Levada.Accounting;

/// <summary>Memory of a shard's queues and of its store. Filled on the shard's turn.</summary>
internal sealed class ShardMemory
{
    /// <summary>Queues with their rings of consumers, without messages.</summary>
    public long Queues { get; set; }

    /// <summary>What is remembered of each message: entries, runs, strays; and what is kept free for more.</summary>
    public long Index { get; set; }

    /// <summary>The end of the journal that is in memory.</summary>
    public long Journal { get; set; }

    /// <summary>Messages in memory: windows, blocks read from segments, buffers for copying.</summary>
    public long Messages { get; set; }

    public void Add(ShardMemory other)
    {
        Queues += other.Queues;
        Index += other.Index;
        Journal += other.Journal;
        Messages += other.Messages;
    }
}
