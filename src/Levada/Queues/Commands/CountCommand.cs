using Levada.Journal;

namespace Levada.Queues;

/// <summary>Asks for a queue's ready messages and consumers, after all that was posted before.</summary>
public sealed class CountCommand(Queue queue, Action<long, int> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        var state = queue.State;
        done(state.IsDropped ? 0 : state.Messages.Ready, state.Consumers.Count);
    }
}
