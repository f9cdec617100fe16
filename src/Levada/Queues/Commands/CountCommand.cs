using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// Asks for a queue's ready messages and consumers, after all that was posted before: the end of a declare, which is a
/// use of the queue.
/// </summary>
public sealed class CountCommand(Queue queue, Action<long, int> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        var state = queue.State;
        state.Use();
        shard.Touch(state);
        shard.ServeTouched();
        done(state.IsDropped ? 0 : state.Ready, state.Consumers.Count);
    }
}
