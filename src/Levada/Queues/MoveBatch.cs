using Levada.Journal;
using Levada.Protocol;
using Levada.Storage;

namespace Levada.Queues;

/// <summary>
/// Messages on their way from one queue to another. They stay in theirs, held like by a consumer, until the other one
/// has them; what it refuses goes back to its place. Within a shard they change queues in one transaction. To another
/// one they go when they are on the source's disk, so that their numbers there are never given again, and the
/// target's shard takes the numbers down in one transaction with the messages: by them a start settles what the source
/// had not. Owner: the source's turn, and in between the target's.
/// </summary>
internal sealed class MoveBatch(QueueState source, Queue target, Action<int, int> done)
    : ShardWork, IPublisher, IConfirmTarget
{
    private const byte Persistent = 2;

    private readonly List<(ulong Sequence, int BodyBytes, bool IsDurable)> _messages = [];
    private readonly HashSet<ulong> _refused = [];
    private PostBatch? _batch;
    private Arrival? _arrival;
    private bool _hasArrived;
    private int _left = 2;

    public int Count => _messages.Count;

    public long Bytes { get; private set; }

    public bool IsPersistent { get; private set; }

    public ushort Channel => 0;

    private bool IsWithinShard => target.Shard == source.Queue.Shard;

    /// <summary>A message that the source holds from now on.</summary>
    public void Add(ulong sequence, scoped StoredMessage message, long nowMs)
    {
        _batch ??= PostBatch.Rent(this);
        Bytes += message.Bytes.Length;
        var to = _batch.AddMessage(message.Bytes.Length);
        message.Bytes.CopyTo(to);
        // Its time to live begins now.
        StoredMessage.SetTimestamp(to, nowMs);
        var properties = BasicPropertiesReader.OfChecked(message.Properties);
        if (message.IsBodyApart)
            _batch.AddBody(source.BodyOf(message));
        var isPersistent = properties.DeliveryMode == Persistent || target.KeepsAll;
        var isDurable = isPersistent && target.Durable;
        _messages.Add((sequence, (int)message.BodyLength, isDurable && source.IsDurable(sequence)));
        _batch.AddTarget(
            target, message.Bytes.Length, isPersistent, first: true, Channel, (ulong)_messages.Count);
        if (properties.Has(BasicPropertyFlags.Expiration))
            _batch.AddExpiring(target);
        IsPersistent |= isDurable && !IsWithinShard;
    }

    public void Post()
    {
        _batch!.AddConfirm(this);
        if (IsWithinShard || !IsPersistent)
            target.Shard.Post(this);
        else
            source.Queue.Shard.WhenDurable(() => target.Shard.Post(this));
    }

    // On the target's turn, as is what follows; it is posted back when all of it is done.
    public void Refuse(ulong number) => _refused.Add(number);

    public void Answer(bool refused) => Done();

    public void ReturnCredit(int bytes) => Done();

    public void Flush()
    {
        // Nobody to tell.
    }

    protected internal override void Run(Shard shard)
    {
        if (!_hasArrived)
        {
            Arrive(shard);
            return;
        }
        if (!IsWithinShard)
            Leave(shard);
        done(_messages.Count - _refused.Count, _refused.Count);
        shard.Touch(source);
    }

    // On the target's turn.
    private void Arrive(Shard shard)
    {
        _hasArrived = true;
        shard.Store.BeginTransaction();
        _batch!.Apply(shard);
        for (var number = 1; target.State.IsDropped && number <= _messages.Count; number++)
            _refused.Add((ulong)number);
        if (IsWithinShard)
            Leave(shard);
        else if (Moved() is { Count: > 0 } moved)
            shard.Store.Arrive(_arrival = new Arrival(source.Queue.Id, moved));
        shard.Store.EndTransaction();
        shard.AnswerAfterTurn(this);
        shard.ReturnCreditAfterTurn(this, _batch.MessageBytes);
        _batch.Return();
    }

    // On the source's turn.
    private void Leave(Shard shard)
    {
        for (var i = 0; i < _messages.Count; i++)
            source.EndMove(_messages[i].Sequence, IsRefused(i));
        _arrival?.SettledIn(shard.Store);
        shard.Touch(source);
    }

    private bool IsRefused(int index) => _refused.Contains((ulong)index + 1);

    // Those that are durable on both sides: of others a crash leaves one at most.
    private List<SequenceRange> Moved()
    {
        List<SequenceRange> ranges = [];
        for (var i = 0; i < _messages.Count; i++)
        {
            var (sequence, bytes, isDurable) = _messages[i];
            if (!isDurable || IsRefused(i))
                continue;
            if (ranges.Count > 0 && ranges[^1].Last + 1 == sequence)
                ranges[^1] = ranges[^1] with { Last = sequence, BodyBytes = ranges[^1].BodyBytes + bytes };
            else
                ranges.Add(new SequenceRange(sequence, sequence, bytes));
        }
        return ranges;
    }

    private void Done()
    {
        if (--_left == 0)
            source.Queue.Shard.Post(this);
    }
}
