using Levada.Journal;

namespace Levada.Queues;

/// <summary>A consumer's target has room again: deliveries to it may go on.</summary>
internal sealed class ConsumerRetry(Consumer consumer) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        consumer.IsRefused = false;
        if (consumer.IsGone)
            return;
        consumer.Queue.State.Consumers.Update(consumer);
        shard.Touch(consumer.Queue.State);
    }
}
