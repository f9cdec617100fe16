using Levada.Accounting;

namespace Levada.Storage;

// What the store holds in memory.
public sealed partial class MessageStore
{
    /// <summary>Adds what it holds beyond the queues' own. On the shard's turn.</summary>
    internal void AddTo(ShardMemory memory)
    {
        memory.Index += Entries.HeldBytes;
        memory.Journal += Journal.HeldBytes;
        memory.Messages += Volatile.HeldBytes + Reads.HeldBytes;
    }
}
