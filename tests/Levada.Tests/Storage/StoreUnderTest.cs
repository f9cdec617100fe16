using System.Buffers.Binary;
using Levada.Journal;
using Levada.Queues;
using Levada.Storage;
using Levada.Tests.Simulation;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Storage;

/// <summary>
/// A store on a simulated disk, with the test in the place of the shard: turns happen when the test says so, and so
/// does everything in the background.
/// </summary>
internal sealed class StoreUnderTest
{
    public const string Folder = "/data/shards/0";
    public const string BodyFolder = "/data/bodies";

    private readonly List<ShardWork> _posted = [];
    private readonly Dice _dice;
    private uint _epoch;

    public StoreUnderTest(int seed, StoreOptions? options = null)
    {
        _dice = new Dice(seed);
        Disk = new SimulatedDisk(_dice);
        Scheduler = new SeededScheduler(_dice);
        Options = (options ?? Small) with { Time = Time, Random = new Random(seed), Fatal = OnFatal };
        Disk.CreateFolder("/data/shards");
        Start([]);
    }

    /// <summary>Limits so small that a few hundred messages meet all of them.</summary>
    public static StoreOptions Small { get; } = new()
    {
        Epoch = 1,
        VolatileWindowBytes = 32 << 10,
        VolatileBlockBytes = 4 << 10,
        WindowEntriesMax = 2_000,
        JournalFileBytes = 32 << 10,
        JournalMemoryBytes = 4 << 10,
        ReadBlockBytes = 2 << 10,
        ReadMemoryBytes = 64 << 10,
        OwnSegmentBytes = 8 << 10,
        VolatileSegmentBytes = 32 << 10,
    };

    public SimulatedDisk Disk { get; }

    public SeededScheduler Scheduler { get; }

    public SimulatedTime Time { get; } = new();

    public StoreOptions Options { get; private set; }

    public MessageStore Store { get; private set; } = null!;

    public BodyFiles Bodies { get; private set; } = null!;

    public RecoveryReport Report { get; private set; } = null!;

    /// <summary>The highest index that the store reported durable.</summary>
    public long Committed { get; private set; }

    public bool IsDiskFull { get; private set; }

    /// <summary>Why the store wanted the process to end; null while it did not.</summary>
    public Exception? FatalCause { get; private set; }

    public HashSet<QueueId> MadeReadable { get; } = [];

    /// <summary>Starts on what is on the disk.</summary>
    public void Start(IReadOnlyCollection<QueueId> durableQueues, ulong counter = 1_000_000)
    {
        _posted.Clear();
        Scheduler.Clear();
        Time.Clear();
        FatalCause = null;
        IsDiskFull = false;
        Options = Options with { Epoch = ++_epoch };
        Bodies = new BodyFiles(Disk, BodyFolder, _epoch, Scheduler, NullLogger.Instance);
        Store = new MessageStore(
            new ShardId(0), Folder, Disk, Scheduler, Options, Bodies, _posted.Add, NullLogger.Instance)
        {
            DiskFull = isFull => IsDiskFull = isFull,
            Readable = queue => MadeReadable.Add(queue.Id),
        };
        Store.Committed = index => Committed = index;
        Report = Store.Recover(durableQueues, counter);
        Bodies.EndRecovery();
        Committed = Store.DurableIndex;
    }

    /// <summary>Runs one turn: first what was posted, then this.</summary>
    public long Turn(Action? action = null, bool waits = false)
    {
        ShardWork[] posted = [.. _posted];
        _posted.Clear();
        Store.BeginTurn(Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (ShardWork work in posted)
            work.Run(null!);
        action?.Invoke();
        return Store.EndTurn(waits);
    }

    /// <summary>One piece of background work, or a turn for what was posted. False if there is nothing to do.</summary>
    public bool Step()
    {
        if (_posted.Count > 0 && (Scheduler.Waiting == 0 || _dice.Chance(50)))
        {
            Turn();
            return true;
        }

        return Scheduler.RunOne();
    }

    /// <summary>Until nothing is left to do that does not wait for a time.</summary>
    public void RunIdle()
    {
        for (int steps = 0; Step(); steps++)
            Assert.True(steps < 100_000, "the store does not come to rest");
    }

    /// <summary>Lets time pass in small steps, with everything that it causes.</summary>
    public void Pass(TimeSpan time)
    {
        for (TimeSpan passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(50))
        {
            Time.Advance(TimeSpan.FromMilliseconds(50));
            RunIdle();
        }
    }

    public void StopClean()
    {
        RunIdle();
        Store.Stop();
        Store.Dispose();
    }

    /// <summary>A message in its stored layout, its body made from a number.</summary>
    public static byte[] Message(int number, int bodyBytes)
    {
        byte[] message = new byte[HeadBytes + bodyBytes];
        WriteHead(message, number, (uint)bodyBytes);
        Body(number, bodyBytes).CopyTo(message, HeadBytes);
        return message;
    }

    /// <summary>The same with the number of a file in the place of its body.</summary>
    public static byte[] MessageApart(int number, int bodyBytes, ulong bodyNumber)
    {
        byte[] message = new byte[HeadBytes + sizeof(ulong)];
        WriteHead(message, number, StoredMessage.FieldOfBodyApart((uint)bodyBytes));
        BinaryPrimitives.WriteUInt64LittleEndian(message.AsSpan(HeadBytes), bodyNumber);
        return message;
    }

    public static byte[] Body(int number, int bodyBytes)
    {
        byte[] body = new byte[bodyBytes];
        new Random(number).NextBytes(body);
        return body;
    }

    /// <summary>A body's file, written in two parts, and synced if a durable message is to name it.</summary>
    public BodyWriter WriteBody(int number, int bodyBytes, bool durable)
    {
        BodyWriter writer = Bodies.Create();
        byte[] body = Body(number, bodyBytes);
        writer.Write(body.AsSpan(0, bodyBytes / 2), durable);
        writer.Write(body.AsSpan(bodyBytes / 2), durable);
        bool isDone = !durable;
        if (durable)
        {
            writer.Sync(fault =>
            {
                Assert.Null(fault);
                isDone = true;
            });
        }

        while (!isDone)
            Assert.True(Scheduler.RunOne());
        return writer;
    }

    private const int HeadBytes = 8 + 1 + 1 + 4 + 4 + 4;

    private static void WriteHead(Span<byte> message, int number, uint bodyField)
    {
        BinaryPrimitives.WriteInt64LittleEndian(message, number);
        message[9] = 4;
        "name"u8.CopyTo(message[10..]);
        BinaryPrimitives.WriteUInt32LittleEndian(message[18..], bodyField);
    }

    /// <summary>Peeks; whatever must be read is read meanwhile, with turns going by.</summary>
    public PeekResult PeekWaiting(QueueMessages queue, out MessageView message)
    {
        for (int steps = 0; ; steps++)
        {
            Assert.True(steps < 100_000, $"queue {queue.Id}: what is to be read does not come");
            PeekResult result = queue.Peek(out message);
            if (result != PeekResult.Loading)
                return result;
            Store.EndTurn(false);
            if (!Step())
                Time.Advance(TimeSpan.FromMilliseconds(50));
            Store.BeginTurn(Time.GetUtcNow().ToUnixTimeMilliseconds());
        }
    }

    private void OnFatal(string reason, Exception cause) => FatalCause ??= new IOException(reason, cause);
}
