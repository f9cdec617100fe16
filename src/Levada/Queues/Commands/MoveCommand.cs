using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Moves ready messages to another queue, in their order, a piece a turn. Messages that come while it goes on are not
/// moved. A persistent message is in one of the two at any time, after a crash too (<see cref="MoveBatch"/>), and the
/// same request goes on with what is left. <paramref name="done"/> runs on the turn.
/// </summary>
/// <param name="source">From where.</param>
/// <param name="target">To where; another queue.</param>
/// <param name="filter">Which of them.</param>
/// <param name="most">At most so many.</param>
/// <param name="done">Hears what became of it.</param>
/// <param name="cancelled">Ends it where it is.</param>
public sealed class MoveCommand(
    Queue source, Queue target, MoveFilter filter, long most, Action<MoveOutcome> done, CancellationToken cancelled)
    : ReadCommand
{
    private const int LooksPerTurn = 1_000;
    private const int UnderWayMax = 10_000;
    private const long BytesPerTurn = 256 << 10;

    private List<(QueueMessages Messages, ulong End)>? _places;
    private readonly List<ulong> _listed = [];
    private int _nextListed;
    private ulong _listFrom;
    private MoveOutcome _outcome;
    private MoveBatch? _batch;
    private int _underWay;
    private bool _isAtEnd;

    protected internal override void Run(Shard shard)
    {
        shard.ServeTouched();
        _places ??= source.State.IsDropped ? [] : source.State.Places();
        source.State.Wait(this);
        shard.Touch(source.State);
    }

    // A piece a turn; what it waits for, a batch's arrival or a block from disk, touches the queue again.
    internal override bool TryAnswer()
    {
        var looks = LooksPerTurn;
        while (!_isAtEnd && looks > 0 && _underWay + (_batch?.Count ?? 0) < UnderWayMax
            && (_batch?.Bytes ?? 0) < BytesPerTurn)
        {
            if (!TryNext(out var sequence))
            {
                _isAtEnd = true;
            }
            else
            {
                looks--;
                if (!TryMove(sequence))
                    break;
            }
        }
        PostBatch();
        if (!_isAtEnd && looks == 0)
            source.Shard.Post(new TouchCommand(source.State));
        if (!_isAtEnd || _underWay > 0)
            return false;
        done(_outcome);
        return true;
    }

    private bool TryNext(out ulong sequence)
    {
        sequence = 0;
        if (source.State.IsDropped || target.IsDeleted || cancelled.IsCancellationRequested
            || _outcome.Moved + _underWay + (_batch?.Count ?? 0) >= most)
        {
            return false;
        }
        while (_nextListed == _listed.Count)
        {
            if (_places!.Count == 0)
                return false;
            List(_places[0].Messages, _places[0].End);
        }
        sequence = _listed[_nextListed];
        return true;
    }

    private void List(QueueMessages messages, ulong end)
    {
        _listed.Clear();
        _nextListed = 0;
        messages.ListReadyFrom(_listFrom, LooksPerTurn, _listed);
        _listed.RemoveAll(sequence => sequence >= end);
        _listFrom = _listed.Count == 0 ? 0 : _listed[^1] + 1;
        if (_listed.Count == 0)
            _places!.RemoveAt(0);
    }

    // False: it must be read first.
    private bool TryMove(ulong sequence)
    {
        var state = source.State;
        var result = state.LookAt(sequence, out var message);
        if (result == PeekResult.Loading)
            return false;
        _nextListed++;
        if (result == PeekResult.Empty)
            return true;
        _outcome = _outcome with { LookedAt = _outcome.LookedAt + 1 };
        var stored = new StoredMessage(message.Bytes);
        if (!filter.Matches(stored))
            return true;
        state.Hold(sequence, stored);
        (_batch ??= new MoveBatch(state, target, Arrived)).Add(sequence, stored, source.Shard.NowMs);
        return true;
    }

    private void PostBatch()
    {
        if (_batch is not { } batch)
            return;
        _batch = null;
        _underWay += batch.Count;
        batch.Post();
    }

    private void Arrived(int moved, int refused)
    {
        _underWay -= moved + refused;
        _outcome = _outcome with { Moved = _outcome.Moved + moved, Refused = _outcome.Refused + refused };
        // One that is full will not take the next ones either.
        _isAtEnd |= refused > 0;
    }
}
