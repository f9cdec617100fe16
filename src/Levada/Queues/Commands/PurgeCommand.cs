using Levada.Journal;

namespace Levada.Queues;

/// <summary>Drops a queue's ready messages; <paramref name="done"/> hears, on the turn, how many there were.</summary>
public sealed class PurgeCommand(Queue queue, Action<long> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        var state = queue.State;
        done(state.IsDropped ? 0 : state.Purge());
        shard.Touch(state);
    }
}
