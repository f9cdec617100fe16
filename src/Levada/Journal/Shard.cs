namespace Levada.Journal;

/// <summary>A set of queues that share one single-threaded loop and one journal.</summary>
public sealed partial class Shard(ShardId id)
{
    public ShardId Id { get; } = id;

    /// <summary>Queues work; runs a turn at once, on this thread, if the shard is idle. Never blocks.</summary>
    public void Post(ShardWork work) => work.Run(this);
}
