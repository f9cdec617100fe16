using System.Buffers;
using Levada.Accounting;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// What one socket read asks of one shard: publishes and settles, in order. Filled by a connection, handed over by
/// <see cref="Shard.Post"/>, given back to the pool by the shard. Nothing in it can fail: a queue that is gone
/// meanwhile counts as having taken the message.
/// </summary>
public sealed class PostBatch : ShardWork
{
    private const int KeepBytesMax = 256 * 1024;
    private const int KeepItemsMax = 8 * 1024;
    private const int PoolMax = 64;

    private static readonly Lock PoolLock = new();
    private static readonly Stack<PostBatch> Pool = new();

    private readonly List<IConfirmTarget> _confirms = [];
    private readonly List<BodyFile> _bodies = [];
    private readonly List<Queue> _expiring = [];
    private byte[] _bytes = [];
    private int _used;
    private BatchItem[] _items = new BatchItem[16];
    private int _count;
    private QueueMessages[] _fanout = new QueueMessages[4];
    private IPublisher? _publisher;

    private PostBatch()
    {
    }

    /// <summary>Memory of all that are in the pool, and how much of it lies in large arrays. From any thread.</summary>
    internal static (long Bytes, long InLargeArrays) Pooled()
    {
        lock (PoolLock)
            return (Pool.Sum(static batch => batch.HeldBytes), Pool.Sum(static batch => batch.HeldInLargeArrays));
    }

    private long HeldBytes => ObjectSize.Of<PostBatch>() + _bytes.Length + ObjectSize.Array<BatchItem>(_items.Length)
        + ObjectSize.Array<QueueMessages>(_fanout.Length) + (3 * ObjectSize.Of<List<object>>())
        + ObjectSize.Room(_confirms) + ObjectSize.Room(_bodies) + ObjectSize.Room(_expiring);

    private long HeldInLargeArrays =>
        ObjectSize.Large(_bytes.Length) + ObjectSize.Large(ObjectSize.Array<BatchItem>(_items.Length));

    public bool IsEmpty => _count == 0 && _confirms.Count == 0;

    /// <summary>Bytes of messages in it: what its publisher's credit pays for.</summary>
    public int MessageBytes => _used;

    public static PostBatch Rent(IPublisher? publisher)
    {
        PostBatch? batch;
        lock (PoolLock)
            Pool.TryPop(out batch);
        batch ??= new PostBatch();
        batch._publisher = publisher;
        return batch;
    }

    /// <summary>
    /// Room for one message; follow with <see cref="AddTarget"/> for each of its queues in this shard.
    /// </summary>
    public Span<byte> AddMessage(int length)
    {
        if (_bytes.Length - _used < length)
            GrowBytes(length);
        _used += length;
        return _bytes.AsSpan(_used - length, length);
    }

    /// <summary>Sends the message added last to a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="messageLength">As it was added.</param>
    /// <param name="persistent">It has delivery mode 2.</param>
    /// <param name="first">The first queue of this message.</param>
    /// <param name="channel">Who published it.</param>
    /// <param name="number">Its number there, if it is to be confirmed.</param>
    public void AddTarget(
        Queue queue, int messageLength, bool persistent, bool first, ushort channel = 0, ulong number = 0)
    {
        ref var item = ref AddItem();
        item.Queue = queue;
        item.Channel = channel;
        item.Sequence = number;
        item.Offset = _used - messageLength;
        item.Length = messageLength;
        item.Kind = !first ? BatchItemKind.PublishAlso
            : persistent ? BatchItemKind.PublishPersistent : BatchItemKind.Publish;
    }

    /// <summary>The message added last has a TTL of its own, and goes to this queue.</summary>
    public void AddExpiring(Queue queue)
    {
        if (_expiring.Count == 0 || _expiring[^1] != queue)
            _expiring.Add(queue);
    }

    /// <summary>The message added last names this body: it is held until the queues have the message.</summary>
    public void AddBody(BodyFile body)
    {
        body.Hold();
        _bodies.Add(body);
    }

    public void AddSettle(Queue queue, ulong sequence, Consumer? consumer) =>
        Add(BatchItemKind.Settle, queue, sequence, consumer);

    public void AddReject(Queue queue, ulong sequence, Consumer? consumer) =>
        Add(BatchItemKind.Reject, queue, sequence, consumer);

    /// <summary>Gives a message back; <paramref name="failed"/> counts it as an attempt that failed.</summary>
    public void AddRequeue(Queue queue, ulong sequence, Consumer? consumer, bool failed) =>
        Add(failed ? BatchItemKind.Requeue : BatchItemKind.Release, queue, sequence, consumer);

    /// <summary>Answers <paramref name="target"/> once all in this batch is applied, or durable.</summary>
    public void AddConfirm(IConfirmTarget target) => _confirms.Add(target);

    protected internal override void Run(Shard shard)
    {
        Apply(shard);
        foreach (var confirm in _confirms)
            shard.AnswerAfterTurn(confirm);
        if (_publisher is not null && _used > 0)
            shard.ReturnCreditAfterTurn(_publisher, _used);
        Return();
    }

    internal void Apply(Shard shard)
    {
        foreach (var queue in _expiring)
            queue.State.ExpectExpiration();
        var items = _items.AsSpan(0, _count);
        for (var i = 0; i < items.Length; i++)
        {
            ref var item = ref items[i];
            switch (item.Kind)
            {
                case BatchItemKind.Settle:
                    item.Queue.State.Settle(item.Sequence, item.Consumer);
                    shard.Touch(item.Queue.State);
                    break;
                case BatchItemKind.Reject:
                    item.Queue.State.Reject(item.Sequence, item.Consumer);
                    shard.Touch(item.Queue.State);
                    break;
                case BatchItemKind.Requeue or BatchItemKind.Release:
                    item.Queue.State.Requeue(item.Sequence, item.Consumer, item.Kind == BatchItemKind.Requeue);
                    shard.Touch(item.Queue.State);
                    break;
                default:
                    i += Publish(shard, items[i..]) - 1;
                    break;
            }
        }
    }

    // Takes the message of the first item and all the queues that follow for it; returns how many items that were.
    private int Publish(Shard shard, Span<BatchItem> items)
    {
        var taken = 0;
        var queues = 0;
        var isPersistent = items[0].Kind == BatchItemKind.PublishPersistent;
        do
        {
            var state = items[taken].Queue.State;
            if ((state.Intake ?? PlaceIn(shard, state, items[0])) is { } messages)
            {
                isPersistent |= state.Queue.KeepsAll;
                if (queues == _fanout.Length)
                    Array.Resize(ref _fanout, queues * 2);
                _fanout[queues++] = messages;
                state.Queue.Counters.Published++;
                shard.Touch(state);
            }
            taken++;
        }
        while (taken < items.Length && items[taken].Kind == BatchItemKind.PublishAlso);

        if (queues > 0)
        {
            shard.Store.Enqueue(
                _fanout.AsSpan(0, queues),
                isPersistent,
                _bytes.AsSpan(items[0].Offset, items[0].Length));
        }
        return taken;
    }

    // Null if the queue does not take it. One that is gone or knows it already has, as far as its publisher is
    // concerned; one that is full refuses.
    private QueueMessages? PlaceIn(Shard shard, QueueState queue, in BatchItem item)
    {
        if (queue.IsDropped)
            return null;
        var message = new StoredMessage(_bytes.AsSpan(item.Offset, item.Length));
        if (queue.IsDelay)
        {
            queue.HoldBack(message);
            return queue.Messages;
        }
        if (queue.IsDuplicate(message, out var key))
            return null;
        if (queue.HasRoomFor((int)message.BodyLength))
            return queue.PlaceFor(message);
        // Of what came before in this batch consumers may take some.
        shard.Serve(queue);
        if (queue.HasRoomFor((int)message.BodyLength))
            return queue.PlaceFor(message);
        queue.Queue.Counters.RefusedByLength++;
        if (key is { } added)
            queue.Forget(added);
        if (queue.Queue.Settings.Overflow == Overflow.RejectPublishDlx)
            queue.BuryRefused(message);
        shard.Touch(queue);
        foreach (var confirm in _confirms)
        {
            if (confirm.Channel == item.Channel && item.Sequence != 0)
                confirm.Refuse(item.Sequence);
        }
        return null;
    }

    /// <summary>Back to the pool; for a batch that is not posted after all, too.</summary>
    public void Return()
    {
        _items.AsSpan(0, _count).Clear();
        _count = 0;
        _used = 0;
        _publisher = null;
        _confirms.Clear();
        foreach (var body in _bodies)
            body.Release();
        _bodies.Clear();
        _expiring.Clear();
        if (_items.Length > KeepItemsMax)
            _items = new BatchItem[16];
        if (_bytes.Length > KeepBytesMax)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
        lock (PoolLock)
        {
            if (Pool.Count < PoolMax)
                Pool.Push(this);
        }
    }

    private void Add(BatchItemKind kind, Queue queue, ulong sequence, Consumer? consumer)
    {
        ref var item = ref AddItem();
        item.Kind = kind;
        item.Queue = queue;
        item.Sequence = sequence;
        item.Consumer = consumer;
    }

    private ref BatchItem AddItem()
    {
        if (_count == _items.Length)
            Array.Resize(ref _items, _count * 2);
        return ref _items[_count++];
    }

    private void GrowBytes(int length)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(checked(_used + length), Math.Max(4096, _bytes.Length * 2)));
        _bytes.AsSpan(0, _used).CopyTo(grown);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
