using Levada.Queues;

namespace Levada.Journal;

/// <summary>The queues of a shard.</summary>
public sealed partial class Shard
{
    private readonly Dictionary<QueueId, QueueState> _queues = [];

    /// <summary>What the queues did that are gone.</summary>
    public DeliveryCounters Dropped { get; } = new();

    /// <summary>Takes up a queue: at start, or on the turn that a declare posted before the queue is visible.</summary>
    internal void Attach(Queue queue)
    {
        var state = new QueueState(queue, Store.Open(queue.Id, queue.Durable));
        queue.State = state;
        _queues.Add(queue.Id, state);
        state.PublishFigures();
    }

    /// <summary>Lets go of a deleted queue: its messages go, its consumers are told.</summary>
    internal void Drop(Queue queue)
    {
        var state = queue.State;
        if (state.IsDropped)
            return;
        state.IsDropped = true;
        _queues.Remove(queue.Id);
        state.AnswerWaitingGets();
        foreach (var consumer in state.Consumers.All.ToArray())
        {
            state.Consumers.Remove(consumer);
            consumer.Target.ConsumerCancelled(consumer);
            FlushAfterTurn(consumer.Target);
        }
        Dropped.Add(queue.Counters);
        Store.Drop(state.Messages);
        Touch(state);
    }
}
