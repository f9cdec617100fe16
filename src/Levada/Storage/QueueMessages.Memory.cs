using Levada.Accounting;

namespace Levada.Storage;

/// <summary>The memory of what is known of a queue's messages.</summary>
public sealed partial class QueueMessages
{
    /// <summary>Adds what it holds but for the ring's arrays, which are the pool's. On the shard's turn.</summary>
    internal void AddTo(ShardMemory memory)
    {
        memory.Index += ObjectSize.Of<QueueMessages>() + _ring.TableBytes + (_backlog?.HeldBytes ?? 0);
    }
}
