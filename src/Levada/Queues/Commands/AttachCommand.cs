using Levada.Journal;

namespace Levada.Queues;

/// <summary>Takes up a declared queue. Posted by the catalog before the queue is visible.</summary>
public sealed class AttachCommand(Queue queue) : ShardWork
{
    protected internal override void Run(Shard shard) => shard.Attach(queue);
}
