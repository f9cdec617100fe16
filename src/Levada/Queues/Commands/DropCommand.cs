using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// Drops a deleted queue's messages and tells its consumers. Posted after the queue is out of the catalog.
/// <paramref name="done"/> runs on the turn.
/// </summary>
public sealed class DropCommand(Queue queue, Action? done = null) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        shard.Drop(queue);
        done?.Invoke();
    }
}
