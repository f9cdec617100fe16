using Levada.Journal;
using Levada.Platform;
using Levada.Queues;
using Levada.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace Levada.Bench.InMemory;

/// <summary>
/// A shard's store without a shard, on real files in a folder given: its caller makes the turns, and what its disk
/// threads would do is done in <see cref="Rest"/>. One thread.
/// </summary>
internal sealed class LoneStore : IDisposable
{
    private readonly QueuedScheduler _scheduler = new();
    private readonly QueueMessages[] _target;
    private List<ShardWork> _posted = [];
    private List<ShardWork> _running = [];

    /// <summary>Reads what is in the folder.</summary>
    public LoneStore(string folder, uint epoch = 1, bool durable = true, long volatileWindowBytes = 16 << 20)
    {
        var disk = new FileSystemDisk();
        disk.CreateFolder(folder);
        Store = new MessageStore(
            new ShardId(0), folder, disk, _scheduler,
            new StoreOptions { Epoch = epoch, Time = new QuietTime(), VolatileWindowBytes = volatileWindowBytes },
            new BodyFiles(disk, Path.Combine(folder, "bodies"), epoch, _scheduler, NullLogger.Instance),
            work => _posted.Add(work), NullLogger.Instance);
        var id = new QueueId(1);
        Report = Store.Recover(durable ? [id] : [], queueIdCounter: 2);
        Queue = Store.Open(id, durable);
        _target = [Queue];
    }

    public MessageStore Store { get; }

    /// <summary>The only queue.</summary>
    public QueueMessages Queue { get; }

    public RecoveryReport Report { get; }

    /// <summary>A message without properties, in its stored layout.</summary>
    public static byte[] Message(int bodySize)
    {
        var message = new byte[StoredMessage.HeadSize(0, 4, 2) + bodySize];
        StoredMessage.WriteHead(message, 0, default, "name"u8, [0, 0], (uint)bodySize);
        return message;
    }

    public void BeginTurn()
    {
        Store.BeginTurn(0);
        (_running, _posted) = (_posted, _running);
        foreach (var work in _running)
            work.Run(null!);
        _running.Clear();
    }

    public void Enqueue(ReadOnlySpan<byte> message) => Store.Enqueue(_target, persistent: true, message);

    /// <summary>Hands out up to so many messages for good; fewer if they must be read first.</summary>
    public int Take(int messages)
    {
        var taken = 0;
        for (; taken < messages && Queue.Peek(out _) == PeekResult.Found; taken++)
            Queue.TakeAndSettle();
        return taken;
    }

    public void EndTurn(bool somebodyWaits = false) => Store.EndTurn(somebodyWaits);

    /// <summary>Does what the disk threads would do, with turns for what they post, until all is done.</summary>
    public void Rest()
    {
        _scheduler.Drain();
        while (_posted.Count > 0)
        {
            BeginTurn();
            EndTurn();
            _scheduler.Drain();
        }
    }

    public void Dispose() => Store.Dispose();
}
