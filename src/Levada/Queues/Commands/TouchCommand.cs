using Levada.Journal;

namespace Levada.Queues;

/// <summary>Goes on serving a queue whose turn was cut short so that others had theirs.</summary>
internal sealed class TouchCommand(QueueState queue) : ShardWork
{
    protected internal override void Run(Shard shard) => shard.Touch(queue);
}
