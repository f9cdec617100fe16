using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// basic.recover without requeue: each message goes to the consumer that had it, if that still has room.
/// </summary>
public sealed class RecoverCommand(IReadOnlyList<(Consumer Consumer, ulong Sequence)> deliveries) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        foreach (var (consumer, sequence) in deliveries)
            consumer.Queue.State.Requeue(sequence, consumer, countAttempt: false);
        foreach (var (consumer, sequence) in deliveries)
        {
            var state = consumer.Queue.State;
            state.DeliverAgain(consumer, sequence);
            shard.FlushAfterTurn(consumer.Target);
            shard.Touch(state);
        }
    }
}
