using Levada.Journal;

namespace Levada.Queues;

/// <summary>
/// A shard's part of a tx.commit: all of the batch counts or, after a crash, none of it. <paramref name="done"/> runs
/// on the turn once it is durable.
/// </summary>
public sealed class CommitCommand(PostBatch batch, Action done) : ShardWork, IConfirmTarget
{
    public bool IsPersistent => true;

    protected internal override void Run(Shard shard)
    {
        shard.Store.BeginTransaction();
        batch.Apply(shard);
        shard.Store.EndTransaction();
        batch.Return();
        shard.AnswerAfterTurn(this);
    }

    public void Answer(bool refused) => done();

    public ushort Channel => 0;

    public void Refuse(ulong number)
    {
        // A transaction does not say which of its messages a full queue refused.
    }

    public void Flush()
    {
        // The channel that asked sends its commit-ok itself.
    }
}
