using Levada.Journal;

namespace Levada.Queues;

/// <summary>Whether a queue may be deleted.</summary>
public enum DeleteOutcome
{
    MayDelete,

    /// <summary>if-unused was asked and it has consumers.</summary>
    InUse,

    /// <summary>if-empty was asked and it has ready messages.</summary>
    NotEmpty,
}

/// <summary>
/// The first step of deleting a queue: its shard, which alone knows, checks the conditions. The asker then takes it out
/// of the catalog and posts a <see cref="DropCommand"/>. <paramref name="done"/> runs on the turn and also hears how
/// many messages are ready.
/// </summary>
public sealed class CheckDeleteCommand(Queue queue, bool ifUnused, bool ifEmpty, Action<DeleteOutcome, long> done)
    : ShardWork
{
    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        var state = queue.State;
        var ready = state.IsDropped ? 0 : state.Ready;
        if (ifUnused && state.Consumers.Count > 0)
            done(DeleteOutcome.InUse, ready);
        else if (ifEmpty && ready > 0)
            done(DeleteOutcome.NotEmpty, ready);
        else
            done(DeleteOutcome.MayDelete, ready);
    }
}
