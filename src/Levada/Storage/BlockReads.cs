using Levada.Journal;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Storage;

/// <summary>
/// All reading of messages from disk in one shard: shares out the memory for blocks, hands reads to the disk threads,
/// and takes memory from the queue that has not read for the longest time. Owned by the turn.
/// </summary>
internal sealed partial class BlockReads(
    StoreOptions options, IScheduler scheduler, WorkGate gate, Action<ShardWork> post, StoreCounters counters,
    ILogger logger)
{
    private readonly BlockMemory _memory = new(options);
    private readonly List<BlockReader> _holders = [];
    private readonly List<BlockReader> _reading = [];
    private readonly Queue<BlockReader> _waiting = new();
    private readonly List<byte[]> _returned = [];
    private bool _wakePosted;

    /// <summary>Memory for blocks, lent or free.</summary>
    public long HeldBytes => _memory.HeldBytes;

    /// <summary>Number of this turn.</summary>
    public long Turn { get; private set; }

    public WorkGate Gate { get; } = gate;

    /// <summary>Set by the store: a queue's block is there.</summary>
    public Action<QueueMessages> Readable { get; set; } = _ => { };

    /// <summary>Set by the store: a read of this file has ended.</summary>
    public Action<StoredFile> Finished { get; set; } = _ => { };

    /// <summary>How much to read where nothing tells a block's end.</summary>
    public int BlockBytes => options.ReadBlockBytes;

    public void Post(ShardWork work) => post(work);

    public bool HasRoom(int bytes) => _memory.HasRoom(bytes);

    public void BeginTurn()
    {
        Turn++;
        foreach (byte[] buffer in _returned)
            _memory.Return(buffer);
        _returned.Clear();
        int waiting = _waiting.Count;
        while (waiting-- > 0)
            TryStart(_waiting.Dequeue());
    }

    public void EndTurn()
    {
        if (_waiting.Count == 0 || _wakePosted)
            return;
        _wakePosted = true;
        new TurnSignal(post, () => _wakePosted = false).Raise();
    }

    /// <summary>Starts a reader's load, now or when there is memory.</summary>
    public void Start(BlockReader reader) => TryStart(reader);

    /// <summary>Nothing that this turn was shown changes before the next.</summary>
    public void ReturnAfterTurn(byte[]? buffer)
    {
        if (buffer is not null)
            _returned.Add(buffer);
    }

    /// <summary>A read has ended, well or not wanted any more.</summary>
    public void Ended(BlockReader reader, StoredFile file)
    {
        _reading.Remove(reader);
        Finished(file);
    }

    public void Loaded(BlockReader reader)
    {
        counters.AddBlockRead();
        if (!reader.IsHolder)
            _holders.Add(reader);
        reader.IsHolder = true;
        Readable(reader.Queue);
    }

    public void Forget(BlockReader reader)
    {
        if (reader.IsHolder)
            _holders.Remove(reader);
        reader.IsHolder = false;
    }

    public void ReturnNow(byte[]? buffer)
    {
        if (buffer is not null)
            _memory.Return(buffer);
    }

    /// <summary>A read failed. What is on the disk may be well, so it is read until that works.</summary>
    public void Retry(BlockReader reader, string path, IOException error)
    {
        LogReadFailed(logger, path, reader.Queue.Id.Value, error);
        ITimer? timer = null;
        timer = options.Time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                scheduler.RunBlocking(reader);
            },
            null,
            options.DiskRetryDelay,
            Timeout.InfiniteTimeSpan);
    }

    private void TryStart(BlockReader reader)
    {
        if (reader.IsClosed)
        {
            reader.Cancel();
            return;
        }

        while (!_memory.HasRoom(reader.LoadingBytes))
        {
            if (EvictOne(reader))
                continue;
            // A queue may need two blocks at once, of a record and of its body. Who has one gets the other, or two
            // queues could take their blocks from each other for ever.
            if (HasAnother(_holders, reader))
                break;
            _waiting.Enqueue(reader);
            return;
        }

        reader.Begin(_memory.Rent(reader.LoadingBytes));
        _reading.Add(reader);
        scheduler.RunBlocking(reader);
    }

    // Not from a queue that a read is under way for: it will use all its blocks when that is done.
    private bool EvictOne(BlockReader reader)
    {
        BlockReader? oldest = null;
        foreach (BlockReader holder in _holders)
        {
            if (holder.UsedInTurn == Turn || HasAnother(_reading, holder)
                || (holder != reader && holder.Queue == reader.Queue))
                continue;
            if (oldest is null || holder.UsedInTurn < oldest.UsedInTurn)
                oldest = holder;
        }

        if (oldest is null)
            return false;
        oldest.Evict();
        Forget(oldest);
        return true;
    }

    /// <summary>Whether another reader of the same queue is in the list.</summary>
    private static bool HasAnother(List<BlockReader> readers, BlockReader reader)
    {
        foreach (BlockReader other in readers)
        {
            if (other != reader && other.Queue == reader.Queue)
                return true;
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Reading {Path} for queue {Queue} failed; it will be tried again")]
    private static partial void LogReadFailed(ILogger logger, string path, ulong queue, Exception error);
}
