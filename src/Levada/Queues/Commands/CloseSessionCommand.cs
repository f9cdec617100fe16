using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// A channel ends: its consumers of this shard go. What it had unacknowledged was posted before.
/// <paramref name="done"/> runs on the turn and hears which auto-delete queues have lost their last consumer.
/// </summary>
public sealed class CloseSessionCommand(IReadOnlyList<Consumer> consumers, Action<List<Queue>> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        var emptied = new List<Queue>();
        foreach (var consumer in consumers)
        {
            var state = consumer.Queue.State;
            state.Consumers.Remove(consumer);
            if (state.IsDropped)
                continue;
            shard.Touch(state);
            if (consumer.Queue.AutoDelete && state.HadConsumers && state.Consumers.Count == 0)
                emptied.Add(consumer.Queue);
        }
        done(emptied);
    }
}
