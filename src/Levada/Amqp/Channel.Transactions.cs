using Levada.Platform;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// tx.select, commit and rollback (rules I8-I10). On one shard a commit is one record; over several, all publishes are
/// durable before the first settle: a crash in between may deliver twice, never lose.
/// </summary>
internal sealed partial class Channel
{
    private Transaction? _transaction;

    private void HandleTxSelect(ReadOnlySpan<byte> args)
    {
        if (!TxSelect.TryRead(args, out _))
            throw CannotDecode(MethodId.TxSelect);
        if (Mode == ChannelMode.Confirm)
        {
            throw ChannelError(
                ReplyCode.PreconditionFailed, "cannot switch from confirm to tx mode", MethodId.TxSelect);
        }
        Mode = ChannelMode.Transaction;
        _transaction ??= new Transaction(Broker.Shards.Count);
        Reply(new TxSelectOk());
    }

    private void HandleTxRollback(ReadOnlySpan<byte> args)
    {
        if (!TxRollback.TryRead(args, out _))
            throw CannotDecode(MethodId.TxRollback);
        var transaction = RequireTransaction(MethodId.TxRollback);
        lock (_outbox.Lock)
        {
            foreach (var (tag, _) in transaction.Settles)
                _unsettled.Unreserve(tag);
            Write(new TxRollbackOk());
        }
        transaction.Discard();
    }

    private void HandleTxCommit(ReadOnlySpan<byte> args)
    {
        if (!TxCommit.TryRead(args, out _))
            throw CannotDecode(MethodId.TxCommit);
        var transaction = RequireTransaction(MethodId.TxCommit);
        Wait();
        var settles = TakeSettles(transaction);
        if (IsOneShard(transaction, settles))
        {
            AddSettles(transaction, settles);
            CommitBatches(transaction, () => CommitOk(transaction));
            return;
        }
        CommitBatches(transaction, () => Connection.RunOnTurn(() =>
        {
            AddSettles(transaction, settles);
            CommitBatches(transaction, () => CommitOk(transaction));
        }));
    }

    private Transaction RequireTransaction(uint method) => Mode == ChannelMode.Transaction
        ? _transaction!
        : throw ChannelError(ReplyCode.PreconditionFailed, "channel is not transactional", method);

    private List<(UnsettledEntry Entry, SettleKind Fate)> TakeSettles(Transaction transaction)
    {
        var settles = new List<(UnsettledEntry, SettleKind)>(transaction.Settles.Count);
        lock (_outbox.Lock)
        {
            var taken = new List<UnsettledEntry>(transaction.Settles.Count);
            foreach (var (tag, fate) in transaction.Settles)
            {
                var entry = _unsettled.Take(tag);
                if (fate == SettleKind.Acknowledged)
                    CountAcknowledged(entry);
                taken.Add(entry);
                settles.Add((entry, fate));
            }
            ReleasePrefetch(taken);
        }
        return settles;
    }

    private static bool IsOneShard(Transaction transaction, List<(UnsettledEntry Entry, SettleKind Fate)> settles)
    {
        var shards = transaction.Shards;
        foreach (var (entry, _) in settles)
            shards |= 1UL << entry.Queue!.Shard.Id.Value;
        return System.Numerics.BitOperations.PopCount(shards) <= 1;
    }

    private void AddSettles(Transaction transaction, List<(UnsettledEntry Entry, SettleKind Fate)> settles)
    {
        foreach (var (entry, fate) in settles)
        {
            AddSettle(transaction.SettleBatch(entry.Queue!.Shard), entry, fate);
            CountSettled(fate, 1);
        }
    }

    private void CommitBatches(Transaction transaction, Action done)
    {
        var batches = transaction.TakeBatches();
        var left = new Countdown(batches.Count + 1, done);
        foreach (var (shard, batch) in batches)
            Broker.Shards[shard].Post(new CommitCommand(batch, left.Signal));
        left.Signal();
    }

    private void CommitOk(Transaction transaction) => Answered(() =>
    {
        foreach (var returned in transaction.Returns)
            WriteReturn(returned.Code, returned.Text, new StoredMessage(returned.Head), returned.Body);
        transaction.Clear();
        Reply(new TxCommitOk());
    });
}
