using Levada.Journal;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Messages on their way from one queue to another. They stay in theirs, held like by a consumer, until the other one
/// has them, on disk if they are persistent; then this is posted back and settles them. What the other queue refuses
/// goes back to its place. Owner: the source's turn, and in between the target's.
/// </summary>
internal sealed class MoveBatch(QueueState source, Queue target, Action<int, int> done)
    : ShardWork, IPublisher, IConfirmTarget
{
    private const byte Persistent = 2;

    private readonly List<ulong> _sequences = [];
    private readonly HashSet<ulong> _refused = [];
    private PostBatch? _batch;
    private int _left = 2;

    public int Count => _sequences.Count;

    public long Bytes { get; private set; }

    public bool IsPersistent { get; private set; }

    public ushort Channel => 0;

    /// <summary>A message that the source holds from now on.</summary>
    public void Add(ulong sequence, scoped StoredMessage message, long nowMs)
    {
        _batch ??= PostBatch.Rent(this);
        _sequences.Add(sequence);
        Bytes += message.Bytes.Length;
        var to = _batch.AddMessage(message.Bytes.Length);
        message.Bytes.CopyTo(to);
        // Its time to live begins now.
        StoredMessage.SetTimestamp(to, nowMs);
        var properties = BasicPropertiesReader.OfChecked(message.Properties);
        if (message.IsBodyApart)
            _batch.AddBody(source.BodyOf(message));
        var isPersistent = properties.DeliveryMode == Persistent || target.KeepsAll;
        _batch.AddTarget(
            target, message.Bytes.Length, isPersistent, first: true, Channel, (ulong)_sequences.Count);
        if (properties.Has(BasicPropertyFlags.Expiration))
            _batch.AddExpiring(target);
        // The source's own shard writes the settle behind the message, into the same journal.
        IsPersistent |= isPersistent && target.Durable && target.Shard != source.Queue.Shard;
    }

    public void Post()
    {
        _batch!.AddConfirm(this);
        target.Shard.Post(_batch);
    }

    // On the target's turn, as is what follows; it is posted back when all of it is done.
    public void Refuse(ulong number) => _refused.Add(number);

    public void Answer(bool refused)
    {
        for (var number = 1; target.State.IsDropped && number <= _sequences.Count; number++)
            _refused.Add((ulong)number);
        Done();
    }

    public void ReturnCredit(int bytes) => Done();

    public void Flush()
    {
        // Nobody to tell.
    }

    protected internal override void Run(Shard shard)
    {
        for (var i = 0; i < _sequences.Count; i++)
            source.EndMove(_sequences[i], isRefused: _refused.Contains((ulong)i + 1));
        done(_sequences.Count - _refused.Count, _refused.Count);
        shard.Touch(source);
    }

    private void Done()
    {
        if (--_left == 0)
            source.Queue.Shard.Post(this);
    }
}
