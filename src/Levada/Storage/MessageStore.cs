using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Storage;

/// <summary>
/// All messages of one shard. Every member runs on the shard's turn unless it says otherwise; whatever waits for a
/// disk runs through the scheduler and comes back as posted work.
/// </summary>
public sealed class MessageStore : IDisposable
{
    private const int SharedBodyAbove = 256;

    private readonly Dictionary<QueueId, QueueMessages> _queues = [];
    private readonly EntryPool _entries;
    private readonly VolatileWindow _volatile;
    private readonly Action<ShardWork> _post;
    private long _lastIndex;
    private bool _durableInTurn;
    private bool _inTransaction;

    /// <param name="id">The shard.</param>
    /// <param name="folder">The shard's own folder; made when there is something to keep.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="scheduler">Runs what waits for the disk.</param>
    /// <param name="options">Limits and the epoch.</param>
    /// <param name="post">Posts to the shard; may be called from any thread.</param>
    /// <param name="logger">For what an operator must know.</param>
    public MessageStore(
        ShardId id, string folder, IDisk disk, IScheduler scheduler, StoreOptions options, Action<ShardWork> post,
        ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        Id = id;
        _post = post;
        _entries = new EntryPool(16L * options.WindowEntriesMax / options.ShardCount);
        _volatile = new VolatileWindow(options);
    }

    public ShardId Id { get; }

    /// <summary>Raised on the turn: everything up to this journal index is durable.</summary>
    public Action<long>? Committed { get; set; }

    /// <summary>Raised on the turn: what a Peek waited for is loaded.</summary>
    public Action<QueueMessages>? Readable { get; set; }

    /// <summary>Raised on the turn: <see cref="Overcommitted"/> went from true to false.</summary>
    public Action? CreditChanged { get; set; }

    /// <summary>Raised on the turn. True: no room for the next file; false: room again.</summary>
    public Action<bool>? DiskFull { get; set; }

    /// <summary>Everything up to this index is on disk. May be read from any thread.</summary>
    public long DurableIndex { get; private set; }

    /// <summary>A full window waits to be retired while the next fills up: publishers should be held back.</summary>
    public bool Overcommitted { get; private set; }

    /// <summary>Reads what the last run left. Not on a turn: before any traffic.</summary>
    /// <param name="durableQueues">The shard's queues that the catalog knows.</param>
    /// <param name="queueIdCounter">No queue has ever had this id or a higher one.</param>
    public RecoveryReport Recover(IReadOnlyCollection<QueueId> durableQueues, ulong queueIdCounter)
    {
        if (_queues.Count != 0)
            throw new InvalidOperationException("recovery comes before the first queue");
        return new RecoveryReport
        {
            CleanStop = true,
            Messages = 0,
            TornBytes = 0,
            DroppedQueues = 0,
            Damages = [],
        };
    }

    /// <summary>The messages of a queue: recovered ones, or none yet.</summary>
    public QueueMessages Open(QueueId id, bool durable)
    {
        if (!_queues.TryGetValue(id, out QueueMessages? queue))
            _queues.Add(id, queue = new QueueMessages(this, id, durable, _entries));
        return queue;
    }

    /// <summary>The queue is deleted: all its messages go.</summary>
    public void Drop(QueueMessages queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        queue.Drop();
        _queues.Remove(queue.Id);
    }

    /// <param name="unixMs">The time this turn goes by.</param>
    public void BeginTurn(long unixMs)
    {
        _ = unixMs;
        _volatile.Recycle();
    }

    /// <summary>Adds one message to the end of each of these queues.</summary>
    /// <param name="queues">Distinct queues of this store.</param>
    /// <param name="persistent">It outlives a restart in those queues that are durable.</param>
    /// <param name="message">The stored layout; copied.</param>
    public void Enqueue(ReadOnlySpan<QueueMessages> queues, bool persistent, ReadOnlySpan<byte> message)
    {
        if (queues.IsEmpty)
            return;
        int bodyBytes = MessageLayout.BodyBytes(message);
        bool shared = queues.Length > 1 && bodyBytes > SharedBodyAbove;
        Location location = _volatile.Append(message, queues.Length);
        foreach (QueueMessages queue in queues)
        {
            _durableInTurn |= persistent && queue.Durable;
            queue.Add(location, bodyBytes, shared);
        }
    }

    /// <summary>The records from here to <see cref="EndTransaction"/> count all or not at all after a crash.</summary>
    public void BeginTransaction()
    {
        if (_inTransaction)
            throw new InvalidOperationException("transactions do not nest");
        _inTransaction = true;
    }

    /// <summary>Ends what <see cref="BeginTransaction"/> began; both in one turn.</summary>
    public void EndTransaction()
    {
        if (!_inTransaction)
            throw new InvalidOperationException("no transaction to end");
        _inTransaction = false;
    }

    /// <summary>Ends a turn: what it appended goes to the disk.</summary>
    /// <param name="somebodyWaits">A confirm or a commit waits for it.</param>
    /// <returns>The index of the turn's last record; 0 if it made none.</returns>
    public long EndTurn(bool somebodyWaits)
    {
        if (!_durableInTurn)
            return 0;
        _durableInTurn = false;
        _lastIndex++;
        _post(new CommittedWork(this, _lastIndex));
        return _lastIndex;
    }

    /// <summary>A clean stop: everything durable, with exact marks. Not on a turn: after the last one.</summary>
    public void Stop() => _queues.Clear();

    public void Dispose()
    {
    }

    internal ReadOnlySpan<byte> Read(Location location) => _volatile.Read(location);

    internal void Release(Location location) => _volatile.Release(location);

    private sealed class CommittedWork(MessageStore store, long index) : ShardWork
    {
        protected internal override void Run(Shard shard)
        {
            store.DurableIndex = index;
            store.Committed?.Invoke(index);
        }
    }
}
