using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Copies ready messages without taking them, from a position on: 0 is the next one to be handed out. What is handed
/// out in the meantime is left out. <paramref name="done"/> runs on the turn; who gets the messages disposes of them.
/// </summary>
/// <param name="queue">Whose.</param>
/// <param name="position">So many stand before the first one.</param>
/// <param name="count">At most so many.</param>
/// <param name="done">Hears what there was.</param>
public sealed class LookCommand(
    Queue queue, long position, int count, Action<IReadOnlyList<SeenMessage>> done) : ReadCommand
{
    /// <summary>More of them are not copied at a time, but one is.</summary>
    internal const long BytesMax = 4 << 20;

    private readonly List<SeenMessage> _seen = [];
    private List<ulong> _sequences = [];
    private int _next;
    private long _bytes;

    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        var state = queue.State;
        if (!state.IsDropped)
            _sequences = state.ListReady(position, count);
        if (!TryAnswer())
            state.Wait(this);
        shard.Touch(state);
    }

    internal override bool TryAnswer()
    {
        var state = queue.State;
        for (; _next < _sequences.Count && _bytes < BytesMax && !state.IsDropped; _next++)
        {
            var result = state.LookAt(_sequences[_next], out var message);
            if (result == PeekResult.Loading)
                return false;
            if (result == PeekResult.Empty)
                continue;
            var stored = QueueState.Show(message);
            _bytes += stored.Bytes.Length;
            _seen.Add(SeenMessage.Of(queue, message, stored, position + _next));
        }
        done(_seen);
        return true;
    }
}
