using Levada.Queues;

namespace Levada.Journal;

/// <summary>What waits for the end of a turn or for the disk: confirms and publish credit.</summary>
public sealed partial class Shard
{
    private readonly List<IConfirmTarget> _answers = [];
    private readonly Queue<(long Index, IConfirmTarget Target)> _awaitingCommit = new();
    private readonly List<(IPublisher Publisher, int Bytes)> _credits = [];
    private bool _commitWaits;

    /// <summary>No room on disk for the next journal file or segment: persistent messages are refused.</summary>
    public bool IsDiskFull { get; private set; }

    /// <summary>Told when <see cref="IsDiskFull"/> changes. Set before any post; called on the turn.</summary>
    public Action<Shard, bool>? DiskFullChanged { get; set; }

    internal void AnswerAfterTurn(IConfirmTarget target)
    {
        _answers.Add(target);
        _commitWaits |= target.IsPersistent;
    }

    /// <summary>Runs it on a turn, once all that the journal holds by now is on disk.</summary>
    internal void WhenDurable(Action next)
    {
        _commitWaits = true;
        Store.WhenDurable(next);
    }

    internal void ReturnCreditAfterTurn(IPublisher publisher, int bytes) => _credits.Add((publisher, bytes));

    private void AnswerApplied(long index)
    {
        foreach (var target in _answers)
        {
            // Index 0: nothing of this turn is durable after all (the queue was gone meanwhile).
            if (target.IsPersistent && index > Store.DurableIndex)
                _awaitingCommit.Enqueue((index, target));
            else
                Answer(target);
        }
        _answers.Clear();
    }

    private void OnCommitted(long index)
    {
        while (_awaitingCommit.TryPeek(out var waiting) && waiting.Index <= index)
        {
            _awaitingCommit.Dequeue();
            Answer(waiting.Target);
        }
    }

    private void Answer(IConfirmTarget target)
    {
        target.Answer(refused: false);
        _touchedConfirms.Add(target);
    }

    private void ReturnCredit()
    {
        // Behind full windows the publishers wait: their messages are applied, but there is no room for more.
        if (Store.Overcommitted)
            return;
        foreach (var (publisher, bytes) in _credits)
            publisher.ReturnCredit(bytes);
        _credits.Clear();
    }

    private void OnCreditChanged() => ReturnCredit();

    private void OnDiskFull(bool full)
    {
        IsDiskFull = full;
        DiskFullChanged?.Invoke(this, full);
    }
}
