using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// A request for messages that may have to wait until they are read from disk, or until its client has room.
/// </summary>
public abstract class ReadCommand : ShardWork
{
    /// <summary>False: it must wait, and is asked again. On the shard's turn.</summary>
    internal abstract bool TryAnswer();
}
