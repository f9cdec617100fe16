using System.Buffers.Binary;
using Levada.Catalog;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>
/// A broker without clients whose messages are moved from queue to queue, by several moves at a time, while it dies and
/// starts again. The seed decides what runs when, and when the power goes.
/// </summary>
internal sealed class MovingWorld
{
    private const int MovesMax = 200_000;
    private const string Purged = "purged";
    private static readonly string[] Names = ["a", "b", "c", "quorum", "transient"];

    private readonly Dice _dice;
    private readonly SeededScheduler _scheduler;
    private readonly SimulatedTime _time = new();
    private readonly SimulatedDisk _disk;
    private readonly StoreOptions _storeLimits;
    private readonly int _shards;
    private readonly int _stepsMax;
    private readonly int _confirmPercent;
    private readonly HashSet<int> _confirmed = [];

    // In this life; in any; and those that must not come back.
    private readonly HashSet<int> _consumedNow = [];
    private readonly HashSet<int> _consumed = [];
    private readonly HashSet<int> _gone = [];
    private Levada.Broker _broker;
    private Exception? _fatal;
    private int _published;

    // Of the queue that is purged now and then, in this life: what it had at first, and what was purged and fetched.
    private long _hadAtFirst;
    private long _purged;
    private long _fetched;

    public MovingWorld(int seed)
    {
        _dice = new Dice(seed);
        _scheduler = new SeededScheduler(_dice) { InlinePercent = _dice.Pick<int>([0, 50, 100]) };
        _storeLimits = World.PickStoreLimits(_dice);
        _shards = _dice.Between(1, 3);
        _stepsMax = _dice.Pick<int>([200, 1000]);
        _confirmPercent = _dice.Pick<int>([10, 60, 100]);
        _disk = new SimulatedDisk(_dice);
        _disk.CreateFolder("/data");
        _disk.CreateFolder("/data/shards");
        _broker = Open();
    }

    /// <exception cref="SimulationFailure">A message is in no queue, or in two.</exception>
    public void Run()
    {
        for (var lives = _dice.Pick<int>([4, 12]); lives > 0; lives--)
        {
            Live();
            if (_dice.Chance(50))
            {
                Rest();
                Check();
                // Whatever became of them is on disk.
                _gone.UnionWith(_consumedNow);
                Live();
            }
            if (_dice.Chance(20))
                Stop();
            else if (_dice.Chance(60))
                _disk.Crash();
            else
                _disk.Kill();
            _scheduler.Clear();
            _time.Clear();
            _consumed.UnionWith(_consumedNow);
            _consumedNow.Clear();
            _broker = Open();
            (_hadAtFirst, _purged, _fetched) = (Find(Purged).Ready, 0, 0);
            // It may die again before what was found is settled, or when it is.
            if (_dice.Chance(30))
                continue;
            Rest();
            Check();
        }
        Rest();
        Check();
        _broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private void Live()
    {
        for (var steps = _dice.Between(20, _stepsMax); steps > 0; steps--)
            Step();
    }

    private Levada.Broker Open()
    {
        var options = new BrokerOptions { DataDir = "/data", Shards = _shards };
        var broker = new Levada.Broker(options, new BrokenLog(e => _fatal ??= e), _disk, _scheduler, _time)
        {
            EndProcess = e => _fatal ??= e,
            StoreLimits = _storeLimits,
        };
        broker.Open();
        var vhost = broker.Catalog.FindVHost("/")!;
        var left = Names.Length + 1;
        foreach (var name in (string[])[.. Names, Purged])
        {
            var type = name == "quorum" ? QueueType.Quorum : QueueType.Classic;
            var definition = new QueueDefinition(
                name, name != "transient", false, false,
                type == QueueType.Quorum ? new FieldTable().Add("x-queue-type", "quorum") : FieldTable.Empty, type,
                null);
            broker.Catalog.DeclareQueue(vhost, definition, _ => left--);
        }
        while (left > 0)
        {
            if (!_scheduler.RunOne())
                _time.AdvanceToTimer();
        }
        return broker;
    }

    private void Step()
    {
        _time.Advance(TimeSpan.FromMicroseconds(50));
        switch (_dice.Next(40))
        {
            case 0:
                Publish(AnyQueue(), _dice.Between(1, 60));
                break;
            case 1:
                Move();
                break;
            case 2 when _dice.Chance(30):
                Consume(AnyQueue(), _dice.Between(1, 20));
                break;
            case 3:
                Publish(Find(Purged), _dice.Between(1, 60));
                break;
            case 4:
                Purge(_dice.Next(10));
                break;
            case 5:
                _time.AdvanceToTimer();
                break;
            default:
                _scheduler.RunOne();
                break;
        }
        if (_fatal is not null)
            throw new SimulationFailure(S17_nothing_breaks, _fatal.Message, _fatal);
    }

    private Queue AnyQueue() => Find(_dice.Pick(Names));

    private Queue Find(string name) =>
        _broker.Catalog.FindVHost("/")!.Queues().First(queue => queue.Name == name);

    private void Publish(Queue queue, int count)
    {
        var batch = PostBatch.Rent(null);
        List<int> numbers = [];
        for (; count > 0; count--)
        {
            var isPersistent = _dice.Chance(80);
            ReadOnlySpan<byte> properties = isPersistent ? [0x10, 0, 2] : [0, 0];
            var bodyLength = _dice.Between(sizeof(int), _dice.Pick<int>([40, 400]));
            var head = StoredMessage.HeadSize(0, 1, properties.Length);
            var message = batch.AddMessage(head + bodyLength);
            StoredMessage.WriteHead(message, 0, [], "k"u8, properties, (uint)bodyLength);
            message[head..].Clear();
            BinaryPrimitives.WriteInt32LittleEndian(message[head..], _published);
            batch.AddTarget(queue, message.Length, isPersistent, first: true);
            if (isPersistent && queue.Durable && queue.Name != Purged)
                numbers.Add(_published);
            _published++;
        }
        // Nobody waits for the others, so they are on disk late, or never.
        if (_dice.Chance(_confirmPercent))
            batch.AddConfirm(new Confirm(() => _confirmed.UnionWith(numbers)));
        queue.Shard.Post(batch);
    }

    private void Move()
    {
        var (from, to) = (AnyQueue(), AnyQueue());
        // What is moved to a transient queue may be lost; what is moved from there is not durable before.
        if (from == to || !to.Durable)
            return;
        from.Shard.Post(new MoveCommand(
            from, to, new MoveFilter(null, FieldTable.Empty), _dice.Pick<long>([5, 100, long.MaxValue]),
            static _ => { }, CancellationToken.None));
    }

    private void Consume(Queue queue, int count) => queue.Shard.Post(new FetchCommand(
        queue, count, FetchFate.Acknowledged, messages => _consumedNow.UnionWith(messages.Select(NumberOf))));

    // What was taken and not settled yet, and what goes back to its place, is there too.
    private void Purge(int act)
    {
        var queue = Find(Purged);
        if (act == 0)
        {
            queue.Shard.Post(new PurgeCommand(queue, count => _purged += count));
            return;
        }
        queue.Shard.Post(new FetchCommand(
            queue, _dice.Between(1, 20), act < 6 ? FetchFate.Acknowledged : FetchFate.Released,
            messages => _fetched += act < 6 ? messages.Count : 0));
    }

    private void Stop()
    {
        var stops = _broker.Shards.Select(static s => s.StopAsync()).ToArray();
        while (!Array.TrueForAll(stops, static s => s.IsCompleted))
        {
            if (!_scheduler.RunOne())
                throw new SimulationFailure(S14_nothing_waits_for_ever, "the shards do not stop");
        }
        var closed = _broker.Catalog.DisposeAsync();
        while (!closed.IsCompleted)
            _scheduler.RunOne();
    }

    private void Rest()
    {
        for (var moves = 0; _scheduler.RunOne() || _time.HasTimers; moves++)
        {
            if (_scheduler.Waiting == 0)
                _time.AdvanceToTimer();
            if (moves == MovesMax)
                throw new SimulationFailure(S14_nothing_waits_for_ever, "it never comes to rest");
        }
    }

    private void Check()
    {
        if (_fatal is not null)
            throw new SimulationFailure(S17_nothing_breaks, _fatal.Message, _fatal);
        var found = new Dictionary<int, string>();
        foreach (var name in (string[])[.. Names, Purged])
        {
            var queue = Find(name);
            IReadOnlyList<SeenMessage>? seen = null;
            queue.Shard.Post(new LookCommand(queue, 0, int.MaxValue, messages => seen = messages));
            Rest();
            foreach (var number in seen!.Select(NumberOf))
            {
                if (!found.TryAdd(number, name))
                {
                    throw new SimulationFailure(
                        S9_once_without_redelivered, $"message {number} is in {found[number]} and in {name}");
                }
                if (_gone.Contains(number))
                    throw new SimulationFailure(S10_settled_never_comes_back, $"message {number} is back in {name}");
            }
            var bytes = seen!.Sum(static message => message.Message.BodyLength);
            if (queue.Ready != seen!.Count || queue.Unacked > 0 || queue.ReadyBytes != bytes)
            {
                throw new SimulationFailure(
                    S12_nothing_is_left_behind,
                    $"{name} counts {queue.Ready} ready of {queue.ReadyBytes} bytes and {queue.Unacked} unacked, but "
                    + $"has {seen.Count} of {bytes}");
            }
        }
        CheckPurged(Find(Purged));
        var lost = _confirmed.Where(number => !found.ContainsKey(number) && !_consumed.Contains(number)
            && !_consumedNow.Contains(number)).ToList();
        if (lost.Count > 0)
            throw new SimulationFailure(S11_nothing_is_lost, $"{lost.Count} confirmed messages, first {lost[0]}");
    }

    private void CheckPurged(Queue queue)
    {
        var left = _hadAtFirst + queue.Counters.Published - _purged - _fetched;
        if (queue.Counters.Published > 0 && queue.Ready != left)
            throw new SimulationFailure(S11_nothing_is_lost, $"{left} should be left of a purge, not {queue.Ready}");
    }

    private static int NumberOf(SeenMessage message) =>
        BinaryPrimitives.ReadInt32LittleEndian(message.Message.Body);

    private sealed class Confirm(Action confirmed) : IConfirmTarget
    {
        public ushort Channel => 0;

        public bool IsPersistent => true;

        public void Answer(bool refused) => confirmed();

        public void Refuse(ulong number) => throw new InvalidOperationException("no queue here refuses any");

        public void Flush()
        {
            // Nobody to tell.
        }
    }
}
