using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// Removes a consumer. <paramref name="done"/> runs on the turn, after the last delivery, and hears whether the queue
/// is an auto-delete one that has now lost its last consumer.
/// </summary>
public sealed class CancelCommand(Consumer consumer, Action<bool> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        var state = consumer.Queue.State;
        state.Consumers.Remove(consumer);
        done(!state.IsDropped && state.Queue.AutoDelete && state.HadConsumers && state.Consumers.Count == 0);
        shard.FlushAfterTurn(consumer.Target);
        shard.Touch(state);
    }
}
