using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>The queues of a shard.</summary>
public sealed partial class Shard
{
    private readonly Dictionary<QueueId, QueueState> _queues = [];

    /// <summary>Told, on the turn, that a queue was unused for as long as it may be. Set before any post.</summary>
    public Action<Queue> QueueExpired { get; set; } = static _ => { };

    /// <summary>Where dead letters go. Set before any post.</summary>
    internal DeadLetterRoute RouteDeadLetter { get; set; } = NowhereToGo;

    /// <summary>When which of the queues has something to do by itself.</summary>
    internal WakeTimes WakeTimes { get; }

    // By type.
    private readonly DeliveryCounters[] _dropped = [new(), new()];

    /// <summary>What the queues of a type did that are gone.</summary>
    public DeliveryCounters Dropped(QueueType type) => _dropped[(int)type];

    /// <summary>Takes up a queue: at start, or on the turn that a declare posted before the queue is visible.</summary>
    internal void Attach(Queue queue)
    {
        var messages = Store.Open(queue.Id, queue.Durable);
        messages.IsUnordered = queue.IsDelayQueue;
        var state = new QueueState(queue, messages);
        queue.State = state;
        _queues.Add(queue.Id, state);
        state.Apply(QueueSettings.Of(queue.Arguments, queue.Policies));
        state.PublishFigures();
    }

    /// <summary>After the recovery of all shards: queues go on with what they do by themselves.</summary>
    /// <param name="left">What other shards have that came from queues of this one.</param>
    internal void Start(IReadOnlyList<(Queue From, Arrival Arrival)> left) => Post(new StartCommand(left));

    /// <summary>A queue that was not dropped.</summary>
    internal QueueState Find(QueueId id) => _queues[id];

    /// <summary>Lets go of a deleted queue: its messages go, its consumers are told.</summary>
    internal void Drop(Queue queue)
    {
        var state = queue.State;
        if (state.IsDropped)
            return;
        state.Drop();
        WakeTimes.Forget(state);
        _queues.Remove(queue.Id);
        state.AnswerWaitingReads();
        foreach (var consumer in state.Consumers.All.ToArray())
        {
            state.Consumers.Remove(consumer);
            consumer.Target.ConsumerCancelled(consumer);
            FlushAfterTurn(consumer.Target);
        }
        Dropped(queue.Type).Add(queue.Counters);
        Store.Drop(state.Messages);
        Touch(state);
    }

    private static ReadOnlySpan<Queue> NowhereToGo(
        Queue source, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, ReadOnlySpan<byte> properties,
        out RememberDeadLetter? remember)
    {
        remember = null;
        return default;
    }

    // Attached, the queues are touched: a turn is all that they need to go on.
    private sealed class StartCommand(IReadOnlyList<(Queue From, Arrival Arrival)> left) : ShardWork
    {
        protected internal override void Run(Shard shard)
        {
            foreach (var (from, arrival) in left)
            {
                from.State.EndMove(arrival);
                arrival.SettledIn(shard.Store);
            }
        }
    }
}
