namespace Levada.Journal;

/// <summary>Anything that is posted to a shard's inbox and runs in one of its turns, on one thread at a time.</summary>
public abstract class ShardWork
{
    /// <summary>Runs on the shard's turn. It must not block, wait, read a file or read a clock.</summary>
    protected internal abstract void Run(Shard shard);
}
