using Levada.Journal;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Offline;

/// <summary>
/// Copies messages of a queue without taking them, from a sequence on, and says where to go on; also of what an
/// exchange holds back, which LookCommand has no positions for. A message that cannot be read is gone after that.
/// </summary>
/// <param name="queue">Whose.</param>
/// <param name="part">The how manieth priority that there are messages of, the highest first.</param>
/// <param name="from">The sequence to begin with; 0 for the first.</param>
/// <param name="done">Hears what there was; runs on the turn.</param>
internal sealed class WalkCommand(Queue queue, int part, ulong from, Action<WalkStep> done) : ReadCommand
{
    private const int CountMax = 1000;
    private const int SequencesMax = 100_000;

    private readonly List<SeenMessage> _seen = [];
    private readonly List<ulong> _sequences = [];
    private ulong _goOnAt;
    private int _next;
    private long _bytes;

    protected internal override void Run(Shard shard)
    {
        var state = queue.State;
        var all = state.Messages.Above.Append(state.Messages).ToList();
        if (part >= all.Count)
        {
            done(new WalkStep([], part, 0, IsAtEnd: true));
            return;
        }
        var messages = all[part];
        if (queue.IsDelayQueue)
        {
            for (var at = Math.Max(from, 1); at < messages.NextSequence && _sequences.Count < SequencesMax; at++)
                _sequences.Add(at);
        }
        else
        {
            messages.ListReadyFrom(from, CountMax, _sequences);
        }
        _goOnAt = _sequences.Count == 0 ? 0 : _sequences[^1] + 1;
        if (!TryAnswer())
            state.Wait(this);
        shard.Touch(state);
    }

    internal override bool TryAnswer()
    {
        var state = queue.State;
        for (; _next < _sequences.Count; _next++)
        {
            if (_bytes >= LookCommand.BytesMax || _seen.Count >= CountMax)
            {
                _goOnAt = _sequences[_next];
                break;
            }
            var result = state.LookAt(_sequences[_next], out var message);
            if (result == PeekResult.Loading)
                return false;
            if (result == PeekResult.Empty)
                continue;
            var stored = QueueState.Show(message);
            _bytes += stored.Bytes.Length;
            _seen.Add(SeenMessage.Of(queue, message, stored, position: 0));
        }
        done(_goOnAt == 0
            ? new WalkStep(_seen, part + 1, 0, IsAtEnd: false)
            : new WalkStep(_seen, part, _goOnAt, IsAtEnd: false));
        return true;
    }
}
