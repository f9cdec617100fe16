using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Takes messages from the head of a queue, as an operator does, and at once settles them or gives them back.
/// <paramref name="done"/> runs on the turn; who gets the messages disposes of them.
/// </summary>
/// <param name="queue">Whose; it may be paused.</param>
/// <param name="count">At most so many.</param>
/// <param name="fate">What becomes of them.</param>
/// <param name="done">Hears what there was.</param>
public sealed class FetchCommand(
    Queue queue, int count, FetchFate fate, Action<IReadOnlyList<SeenMessage>> done) : ReadCommand
{
    private readonly List<SeenMessage> _seen = [];
    private long _bytes;

    protected internal override void Run(Shard shard)
    {
        queue.State.Use();
        shard.Touch(queue.State);
        shard.ServeTouched();
        if (!TryAnswer())
            queue.State.Wait(this);
        shard.Touch(queue.State);
    }

    internal override bool TryAnswer()
    {
        var state = queue.State;
        while (_seen.Count < count && _bytes < LookCommand.BytesMax && !state.IsDropped)
        {
            var result = state.Peek(out var message);
            if (result == PeekResult.Loading)
                return false;
            if (result == PeekResult.Empty)
                break;
            var stored = QueueState.Show(message);
            _bytes += stored.Bytes.Length;
            _seen.Add(SeenMessage.Of(queue, message, stored, _seen.Count) with { Left = state.Ready - 1 });
            state.Take(settles: false);
            queue.Counters.Got++;
            queue.Counters.Redelivered += message.Redelivered ? 1 : 0;
        }
        End(state);
        done(_seen);
        return true;
    }

    private void End(QueueState state)
    {
        foreach (var message in _seen)
        {
            switch (fate)
            {
                case FetchFate.Acknowledged:
                    state.Settle(message.Sequence, consumer: null);
                    break;
                case FetchFate.Rejected:
                    state.Reject(message.Sequence, consumer: null);
                    break;
                default:
                    state.Requeue(message.Sequence, consumer: null, countAttempt: fate == FetchFate.Failed);
                    break;
            }
        }
    }
}
