using Levada.Journal;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Messages of one queue on their way to others. They stay in their queue, held like by a consumer, until every shard
/// they were posted to has them, on disk if they are persistent; then this is posted back and settles them. Owner: the
/// source's turn; what is left to be answered is counted by the turns of the others.
/// </summary>
internal sealed class DeadLetterBatch(QueueState source) : ShardWork, IPublisher
{
    private readonly List<ulong> _sequences = [];
    private readonly List<(Shard Shard, PostBatch Batch, Part Part)> _parts = [];
    private int _left;

    /// <summary>Messages that are to be settled in the end.</summary>
    public IReadOnlyList<ulong> Sequences => _sequences;

    /// <summary>Messages in it, those of no queue included.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of messages in it.</summary>
    public long Bytes { get; private set; }

    /// <param name="sequence">Its number in the source; 0 if it never was in there.</param>
    /// <param name="message">The stored layout.</param>
    /// <param name="persistent">It has delivery mode 2.</param>
    /// <param name="expires">It has a TTL of its own.</param>
    /// <param name="targets">Where it goes, one queue or more.</param>
    /// <param name="body">The file that the body is, if it is one.</param>
    public void Add(
        ulong sequence, ReadOnlySpan<byte> message, bool persistent, bool expires, ReadOnlySpan<Queue> targets,
        BodyFile? body)
    {
        Count++;
        Bytes += message.Length;
        if (sequence != 0)
            _sequences.Add(sequence);
        var done = 0UL;
        foreach (var target in targets)
        {
            var bit = 1UL << target.Shard.Id.Value;
            if ((done & bit) != 0)
                continue;
            done |= bit;
            AddTo(PartOf(target.Shard), message, persistent, expires, targets, body);
        }
    }

    public void Post()
    {
        // Each shard answers, and gives back the credit.
        _left = 2 * _parts.Count;
        foreach (var (shard, batch, part) in _parts)
        {
            batch.AddConfirm(part);
            shard.Post(batch);
        }
    }

    public void ReturnCredit(int bytes) => Done();

    protected internal override void Run(Shard shard) => source.EndDeadLetters(this);

    private void Done()
    {
        if (Interlocked.Decrement(ref _left) == 0)
            source.Queue.Shard.Post(this);
    }

    private void AddTo(
        (Shard Shard, PostBatch Batch, Part Part) to, ReadOnlySpan<byte> message, bool persistent,
        bool expires, ReadOnlySpan<Queue> targets, BodyFile? body)
    {
        message.CopyTo(to.Batch.AddMessage(message.Length));
        if (body is not null)
            to.Batch.AddBody(body);
        var first = true;
        foreach (var target in targets)
        {
            if (target.Shard != to.Shard)
                continue;
            to.Batch.AddTarget(target, message.Length, persistent, first);
            first = false;
            if (expires)
                to.Batch.AddExpiring(target);
            // The source's own shard writes the settle behind the message, into the same journal.
            to.Part.IsPersistent |=
                ((persistent && target.Durable) || target.KeepsAll) && to.Shard != source.Queue.Shard;
        }
    }

    private (Shard Shard, PostBatch Batch, Part Part) PartOf(Shard shard)
    {
        foreach (var part in _parts)
        {
            if (part.Shard == shard)
                return part;
        }
        _parts.Add((shard, PostBatch.Rent(this), new Part(this)));
        return _parts[^1];
    }

    private sealed class Part(DeadLetterBatch whole) : IConfirmTarget
    {
        public bool IsPersistent { get; set; }

        public ushort Channel => 0;

        public void Answer(bool refused) => whole.Done();

        public void Refuse(ulong number)
        {
            // A full queue that refuses takes no dead letters either; for the source they are done with.
        }

        public void Flush()
        {
            // Nobody to tell.
        }
    }
}
