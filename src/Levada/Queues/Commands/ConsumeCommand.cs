using Levada.Journal;

namespace Levada.Queues;

/// <summary>What became of a basic.consume.</summary>
public enum ConsumeOutcome
{
    Consuming,

    /// <summary>
    /// An exclusive consumer is there, or this one wants to be exclusive where others are or the queue chooses its
    /// active consumer itself (rule K3).
    /// </summary>
    ExclusiveClash,

    /// <summary>Deleted while the request was on its way.</summary>
    QueueGone,
}

/// <summary>
/// Adds a consumer. <paramref name="done"/> runs on the turn, before the first delivery: it writes consume-ok.
/// </summary>
public sealed class ConsumeCommand(Consumer consumer, Action<ConsumeOutcome> done) : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        var state = consumer.Queue.State;
        if (state.IsDropped)
        {
            done(ConsumeOutcome.QueueGone);
            return;
        }
        if (state.Consumers.HasExclusive
            || (consumer.Exclusive && (state.Consumers.Count > 0 || state.Queue.SingleActiveConsumer)))
        {
            done(ConsumeOutcome.ExclusiveClash);
            return;
        }
        done(ConsumeOutcome.Consuming);
        shard.FlushAfterTurn(consumer.Target);
        consumer.Follow(consumer.Queue.Settings);
        state.Consumers.Add(consumer);
        state.HadConsumers = true;
        shard.Touch(state);
    }
}
