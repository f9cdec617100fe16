using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Drops the messages that are ready now, a piece a turn, so that other queues of the shard have theirs in between. Of
/// those consumers may get some meanwhile; what comes later stays.
/// </summary>
/// <param name="queue">Whose messages.</param>
/// <param name="done">Hears, on the turn, how many were dropped.</param>
public sealed class PurgeCommand(Queue queue, Action<long> done) : ShardWork
{
    private List<QueueMessages>? _left;
    private long _purged;

    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        var state = queue.State;
        if (state.IsDropped)
        {
            done(_purged);
            return;
        }
        // One after the other.
        if (_left is not null || !state.Messages.IsPurging)
            Purge(state, shard.Store.Options.RemovalsPerTurn);
        if (_left is { Count: 0 })
            done(_purged);
        else
            shard.Post(this);
    }

    private void Purge(QueueState state, int work)
    {
        if (_left is null)
        {
            // That of priority 0, which every queue has, is the last to end.
            _left = [.. state.Places().Select(static place => place.Messages)];
            _left.ForEach(static messages => messages.BeginPurge());
        }
        if (_left[0].Purge(work) is { } purged)
        {
            _purged += purged;
            _left.RemoveAt(0);
        }
        state.Queue.Shard.Touch(state);
    }
}
