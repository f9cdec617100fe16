using Levada.Journal;

namespace Levada.Queues;

/// <summary>Other policies count for these queues of a shard. Done piece by piece: there may be very many.</summary>
public sealed class RuleCommand : ShardWork
{
    private const int QueuesPerTurn = 1_000;

    private readonly List<(Queue Queue, QueueSettings Settings)> _ruled;
    private int _done;

    private RuleCommand(IEnumerable<Queue> queues) =>
        _ruled = [.. queues.Select(static queue => (queue, QueueSettings.Of(queue.Arguments, queue.Policies)))];

    /// <summary>Tells the shards of the queues; after all that made the queues.</summary>
    public static void Post(IEnumerable<Queue> queues)
    {
        foreach (var ofShard in queues.GroupBy(static queue => queue.Shard))
            ofShard.Key.Post(new RuleCommand(ofShard));
    }

    protected internal override void Run(Shard shard)
    {
        for (var end = Math.Min(_ruled.Count, _done + QueuesPerTurn); _done < end; _done++)
        {
            var (queue, settings) = _ruled[_done];
            if (!queue.State.IsDropped)
                queue.State.Apply(settings);
        }
        if (_done < _ruled.Count)
            shard.Post(this);
    }
}
