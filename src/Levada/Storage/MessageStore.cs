using System.Runtime.InteropServices;
using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Microsoft.Extensions.Logging;

namespace Levada.Storage;

/// <summary>
/// All messages of one shard. Every member runs on the shard's turn unless it says otherwise; whatever waits for a
/// disk runs through the scheduler and comes back as posted work. A persistent message on a durable queue is laid into
/// the journal, any other into the volatile window; what stays is moved to segments behind either.
/// </summary>
public sealed partial class MessageStore : IDisposable
{
    private const int SharedBodyAbove = 256;

    private readonly Dictionary<QueueId, QueueMessages> _queues = [];
    private readonly IScheduler _scheduler;
    private readonly Action<ShardWork> _post;
    private readonly ILogger _logger;
    private readonly WorkGate _gate = new();
    private readonly GroupCommit _commit;
    private readonly JournalAppender _appender;
    private readonly Checkpointing _checkpoints;
    private readonly Upkeep _upkeep;
    private readonly DurableIndexWaiter _durable;
    private readonly List<QueueMessages> _durableTargets = [];
    private readonly List<QueueMessages> _volatileTargets = [];
    private bool _stopped;

    /// <param name="id">The shard.</param>
    /// <param name="folder">The shard's own folder; made when there is something to keep.</param>
    /// <param name="disk">The disk.</param>
    /// <param name="scheduler">Runs what waits for the disk.</param>
    /// <param name="options">Limits and the epoch.</param>
    /// <param name="bodies">The node's bodies that are files.</param>
    /// <param name="post">Posts to the shard; may be called from any thread.</param>
    /// <param name="logger">For what an operator must know.</param>
    public MessageStore(
        ShardId id, string folder, IDisk disk, IScheduler scheduler, StoreOptions options, BodyFiles bodies,
        Action<ShardWork> post, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        Id = id;
        Options = options;
        Bodies = bodies;
        _scheduler = scheduler;
        _post = post;
        _logger = logger;
        Folder = new ShardFolder(disk, folder);
        Entries = new EntryPool(16L * options.EntriesShare);
        Volatile = new VolatileWindow(options);
        Journal = new JournalWindow(options);
        _commit = new GroupCommit(options, scheduler, Folder, Counters);
        _appender = new JournalAppender(options, id, folder, Journal, _commit);
        Records = new QueueRecords(_appender);
        Reads = new BlockReads(options, scheduler, _gate, post, Counters, logger);
        Segments = new Segments(options, Folder);
        DiskAlarm = new DiskAlarm(isFull => DiskFull?.Invoke(isFull));
        _durable = new DurableIndexWaiter(_commit);
        _checkpoints = new Checkpointing(this, new CheckpointFile(Folder));
        _upkeep = new Upkeep(this, _appender, _checkpoints, logger);
        Connect();
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

    /// <summary>Raised on the turn: messages cannot be read, and are gone.</summary>
    internal Action<Damage>? Damaged { get; set; }

    /// <summary>Everything up to this index is on disk. May be read from any thread.</summary>
    public long DurableIndex => _commit.DurableIndex;

    /// <summary>A full window waits to be retired while the next fills up: publishers should be held back.</summary>
    public bool Overcommitted { get; private set; }

    /// <summary>May be read from any thread.</summary>
    public StoreCounters Counters { get; } = new();

    /// <summary>Reads what the last run left. Not on a turn: before any traffic.</summary>
    /// <param name="durableQueues">The shard's queues that the catalog knows.</param>
    /// <param name="queueIdCounter">No queue has ever had this id or a higher one.</param>
    /// <exception cref="InvalidDataException">The files are another shard's, of a later version or of a later epoch.
    /// </exception>
    public RecoveryReport Recover(IReadOnlyCollection<QueueId> durableQueues, ulong queueIdCounter)
    {
        if (_queues.Count != 0)
            throw new InvalidOperationException("recovery comes before the first queue");
        var recovery = new Recovery(this, _appender, _checkpoints, durableQueues, queueIdCounter);
        RecoveryReport report = recovery.Run(_queues);

        // What was replayed counts from now on, and segments may go because of it.
        foreach (JournalFile file in Journal.Files)
            file.Handle.Sync();
        _commit.StartAt(_appender.NextIndex - 1);
        _upkeep.IsCheckpointDue = Journal.Files.Count > 0;
        EndBodiesOfTurn();
        Counters.AddDamaged(report.Damages.Sum(damage => damage.Messages));
        return report;
    }

    /// <summary>The messages of a queue, of priority 0: recovered ones, or none yet.</summary>
    public QueueMessages Open(QueueId id, bool durable)
    {
        if (!_queues.TryGetValue(id, out QueueMessages? queue))
            _queues.Add(id, queue = new QueueMessages(this, id, durable));
        return queue;
    }

    /// <summary>The queue is deleted: all its messages go.</summary>
    public void Drop(QueueMessages queue)
    {
        ArgumentNullException.ThrowIfNull(queue);
        if (queue.Durable)
            Records.Drop(queue.Id);
        queue.Drop();
        _queues.Remove(queue.Id);
    }

    /// <param name="unixMs">The time this turn goes by.</param>
    public void BeginTurn(long unixMs)
    {
        Segments.UnixMs = unixMs;
        Volatile.Recycle();
        Journal.Recycle();
        Reads.BeginTurn();
    }

    /// <summary>Adds one message to the end of each of these queues.</summary>
    /// <param name="queues">Of distinct queues of this store.</param>
    /// <param name="persistent">It outlives a restart in those queues that are durable.</param>
    /// <param name="message">The stored layout; copied. If it names a body, that is durable if it must be.</param>
    public void Enqueue(ReadOnlySpan<QueueMessages> queues, bool persistent, ReadOnlySpan<byte> message)
    {
        if (queues.IsEmpty)
            return;
        int bodyBytes = MessageLayout.BodyBytes(message);
        int durable = 0;
        if (persistent)
        {
            foreach (QueueMessages queue in queues)
                durable += queue.Durable ? 1 : 0;
        }

        if (durable == 0)
            AddTo(queues, Volatile.Append(message, queues.Length), bodyBytes);
        else if (durable == queues.Length)
            EnqueueDurable(queues, message, bodyBytes);
        else
            EnqueueMixed(queues, message, bodyBytes);
        if (MessageLayout.IsBodyApart(message))
            HoldBody(queues, Bodies.Find(MessageLayout.BodyNumber(message)));
    }

    /// <summary>The records from here to <see cref="EndTransaction"/> count all or not at all after a crash.</summary>
    public void BeginTransaction() => Records.BeginTransaction();

    /// <summary>Ends what <see cref="BeginTransaction"/> began; both in one turn.</summary>
    public void EndTransaction() => Records.EndTransaction();

    /// <summary>Ends a turn: what it appended goes to the disk.</summary>
    /// <param name="somebodyWaits">A confirm or a commit waits for it.</param>
    /// <returns>The index of the turn's last record; 0 if it made none.</returns>
    public long EndTurn(bool somebodyWaits)
    {
        if (_stopped)
            return 0;
        long index = Records.EndTurn(somebodyWaits);
        EndBodiesOfTurn();
        EndFullWindow();
        _upkeep.EndTurn();
        Reads.EndTurn();
        UpdateCredit();
        return index;
    }

    /// <summary>
    /// A clean stop, at the end of the last turn or after it: everything durable, with exact marks. Blocks. Nothing may
    /// be done afterwards but to end the turn and to dispose.
    /// </summary>
    /// <exception cref="IOException">It could not be written; the next start finds an unclean stop.</exception>
    public void Stop()
    {
        Records.EndTurn(somebodyWaits: true);
        _stopped = true;
        _gate.Close();
        if (!_commit.Drain())
            throw new DiskFullException($"{Folder.Path}: no room for what was not written yet");
        EndBodiesOfTurn();
        if (Journal.Files.Count > 0 || Segments.All.Count > 0)
            _checkpoints.WriteClean();
    }

    /// <summary>Closes the files. Without <see cref="Stop"/> the next start finds an unclean stop.</summary>
    public void Dispose()
    {
        _gate.Close();
        _commit.Dispose();
        foreach (JournalFile file in Journal.Files)
            file.Dispose();
        _appender.Spare?.Dispose();
        foreach (Segment segment in Segments.All)
            segment.Dispose();
    }

    /// <summary>Whether a message is large enough and goes to enough queues to be kept once in a segment.</summary>
    internal static bool IsShared(int queues, int bodyBytes) => queues > 1 && bodyBytes > SharedBodyAbove;

    private void EnqueueDurable(ReadOnlySpan<QueueMessages> queues, ReadOnlySpan<byte> message, int bodyBytes)
    {
        Location location = Records.Enqueue(queues, message);
        Journal.Files[^1].Live += queues.Length;
        AddTo(queues, location, bodyBytes);
    }

    private void EnqueueMixed(ReadOnlySpan<QueueMessages> queues, ReadOnlySpan<byte> message, int bodyBytes)
    {
        foreach (QueueMessages queue in queues)
            (queue.Durable ? _durableTargets : _volatileTargets).Add(queue);
        EnqueueDurable(CollectionsMarshal.AsSpan(_durableTargets), message, bodyBytes);
        AddTo(
            CollectionsMarshal.AsSpan(_volatileTargets),
            Volatile.Append(message, _volatileTargets.Count),
            bodyBytes);
        _durableTargets.Clear();
        _volatileTargets.Clear();
    }

    private static void AddTo(ReadOnlySpan<QueueMessages> queues, Location location, int bodyBytes)
    {
        bool shared = IsShared(queues.Length, bodyBytes);
        foreach (QueueMessages queue in queues)
            queue.Add(location, bodyBytes, shared);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Shard {Shard}: data is damaged. {What}; {Messages} lost (queue {Queue})")]
    private static partial void LogDamage(ILogger logger, int shard, string what, long messages, ulong? queue);
}
