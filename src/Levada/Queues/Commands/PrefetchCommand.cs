using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// Changes how many unsettled deliveries a consumer may hold. With fewer than it has it gets no more until it has
/// settled enough. <paramref name="done"/> runs on the turn.
/// </summary>
public sealed class PrefetchCommand(Consumer consumer, int count, Action done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        consumer.AskedPrefetch = count;
        consumer.Follow(consumer.Queue.Settings);
        consumer.Queue.State.Consumers.Changed(consumer);
        shard.Touch(consumer.Queue.State);
        done();
    }
}
