using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// basic.get. The target writes get-ok on the turn; <paramref name="done"/> hears, on the turn, whether there was a
/// message (it writes get-empty if not) once the answer stands.
/// </summary>
public sealed class GetCommand(Queue queue, IDeliveryTarget target, bool noAck, Action<bool> done) : ReadCommand
{
    private Shard _shard = null!;

    protected internal override void Run(Shard shard)
    {
        _shard = shard;
        queue.State.Use();
        shard.Touch(queue.State);
        shard.ServeTouched();
        if (TryAnswer())
            return;
        queue.State.Wait(this);
        shard.Touch(queue.State);
    }

    internal override bool TryAnswer()
    {
        var state = queue.State;
        // A paused queue looks empty, as LavinMQ's does.
        if (state.IsDropped || queue.IsPaused)
        {
            AnswerEmpty();
            return true;
        }
        switch (state.Peek(out var message))
        {
            case PeekResult.Loading:
                return false;
            case PeekResult.Empty:
                AnswerEmpty();
                return true;
            default:
                return TryAnswer(state, message);
        }
    }

    internal void AnswerEmpty()
    {
        queue.Counters.GotEmpty++;
        done(false);
        _shard.FlushAfterTurn(target);
    }

    private bool TryAnswer(QueueState state, scoped MessageView message)
    {
        var left = state.Ready - 1;
        var result = target.OfferGet(
            queue, noAck, message.Sequence, message.Redelivered, left, QueueState.Show(message));
        if (result == OfferResult.Refused)
            return false;
        if (result == OfferResult.Accepted)
            Take(state, message.Redelivered);
        done(true);
        _shard.FlushAfterTurn(target);
        _shard.Touch(state);
        return true;
    }

    private void Take(QueueState state, bool redelivered)
    {
        queue.Counters.Redelivered += redelivered ? 1 : 0;
        state.Take(settles: noAck);
        if (noAck)
            queue.Counters.GotNoAck++;
        else
            queue.Counters.Got++;
    }
}
