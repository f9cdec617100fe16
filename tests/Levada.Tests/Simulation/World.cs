using Levada.Protocol;
using Levada.Storage;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>
/// A broker and its clients on one thread. The dice decide what happens next: a piece of work runs, bytes get through,
/// a client reads or does something, time goes by. Everything follows from the seed.
/// </summary>
internal sealed partial class World
{
    public const int StepsMax = 1500;

    private readonly int[] _actWeights;
    private readonly int[] _stepWeights;
    private readonly SimulatedClient?[] _clients;
    private readonly List<SimulatedClient> _leaving = [];
    private readonly bool[] _isClean;
    private readonly int _steps;
    private readonly int _crashes;
    private readonly BrokerOptions _options;
    private readonly StoreOptions _storeLimits;
    private Exception? _fatal;
    private int _connections;
    private int _sessions;

    /// <param name="seed">Decides everything.</param>
    /// <param name="isTold">The last steps are kept to be read.</param>
    /// <param name="stepsMax">Ends the first part of the run earlier.</param>
    public World(int seed, bool isTold = false, int stepsMax = StepsMax)
    {
        Dice = new Dice(seed);
        Log = new StepLog(isTold);
        Scheduler = new SeededScheduler(Dice) { InlinePercent = Dice.Pick<int>([0, 50, 90, 100]) };
        _steps = Math.Min(stepsMax, Dice.Pick<int>([200, 500, StepsMax]));
        _clients = new SimulatedClient?[Dice.Between(2, 6)];
        _isClean = new bool[_clients.Length];
        Array.Fill(_isClean, true);
        _actWeights = PickActWeights();
        _stepWeights = [Dice.Between(5, 40), Dice.Between(5, 40), Dice.Between(5, 40), Dice.Between(5, 40), 10, 3, 1];
        _crashes = Dice.Pick<int>([0, 0, 1, 3]);
        _options = PickOptions();
        _storeLimits = PickStoreLimits(Dice);
        Disk = new SimulatedDisk(Dice);
        Disk.CreateFolder("/data");
        Disk.CreateFolder("/data/shards");
        Broker = NewBroker();
    }

    public Dice Dice { get; }

    public StepLog Log { get; }

    public SeededScheduler Scheduler { get; }

    public SimulatedTime Time { get; } = new();

    public SimulatedDisk Disk { get; }

    public Ledger Ledger { get; } = new();

    public Levada.Broker Broker { get; private set; }

    public int Slots => _clients.Length;

    /// <summary>What the last connection in that place had to itself is surely gone.</summary>
    public bool IsClean(int slot) => _isClean[slot];

    public int NextSession() => _sessions++;

    /// <exception cref="SimulationFailure">An invariant does not hold.</exception>
    public void Run()
    {
        try
        {
            SetUp();
            for (var i = 0; i < _steps; i++)
            {
                Step();
                CheckNothingBroke();
                if (Dice.Next(400) == 0)
                    Rest();
                if (Dice.Next(_steps) < _crashes)
                    Crash();
            }
            WindDown();
        }
        catch (Exception e) when (e is not SimulationFailure)
        {
            throw new SimulationFailure(S17_nothing_breaks, e.Message, e);
        }
    }

    // Each seed has its own taste: some things often, some never.
    private int[] PickActWeights()
    {
        var weights = new int[Enum.GetValues<Act>().Length];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = Dice.Chance(75) ? Dice.Between(1, 20) : 0;
        weights[(int)Act.PublishToStable] += 10;
        weights[(int)Act.Settle] *= 2;
        foreach (var rare in new[] { Act.CloseConnection, Act.Cut, Act.BigMistake, Act.CloseChannel })
            weights[(int)rare] = (weights[(int)rare] + 6) / 7;
        foreach (var rare in new[] { Act.Mistake, Act.Reopen, Act.Recover, Act.SettleAll, Act.Flow, Act.Delete })
            weights[(int)rare] = (weights[(int)rare] + 2) / 3;
        return weights;
    }

    private BrokerOptions PickOptions() => new()
    {
        DataDir = "/data",
        Shards = Dice.Between(1, 4),
        OutboxHighWater = Dice.Pick<int>([300, 4_000, 100_000]),
        PublishCredit = Dice.Pick<int>([500, 5_000, 1 << 20]),
        PublishCreditPerNode = Dice.Pick<int>([5_000, 64 << 20]),
        ParkedMax = Dice.Pick<int>([1_000, 10_000, 256 << 10]),
    };

    // So small that a few hundred messages fill windows and make segments, or large enough that they never do.
    internal static StoreOptions PickStoreLimits(Dice dice)
    {
        var scale = dice.Pick<int>([1, 1, 8]);
        return new StoreOptions
        {
            Epoch = 1,
            VolatileWindowBytes = (32 << 10) * scale,
            VolatileBlockBytes = 4 << 10,
            WindowEntriesMax = 200 * scale,
            JournalFileBytes = (32 << 10) * scale,
            JournalMemoryBytes = 4 << 10,
            ReadBlockBytes = 2 << 10,
            ReadMemoryBytes = 64 << 10,
            OwnSegmentBytes = 8 << 10,
            VolatileSegmentBytes = 32 << 10,
            RemovalsPerTurn = dice.Pick<int>([1, 20, 500]),
            Random = new Random(dice.Next(int.MaxValue)),
        };
    }

    private Levada.Broker NewBroker()
    {
        var broker = new Levada.Broker(_options, new BrokenLog(e => _fatal ??= e), Disk, Scheduler, Time)
        {
            EndProcess = e => _fatal ??= e,
            StoreLimits = _storeLimits,
        };
        broker.Open();
        return broker;
    }

    private SimulatedClient Connect(int slot) =>
        new(this, slot, _connections++, Dice.Pick<int>([50, 1_000, 20_000, int.MaxValue]));

    private void Step()
    {
        Time.Advance(TimeSpan.FromMicroseconds(50));
        var slot = Dice.Next(_clients.Length);
        switch (Dice.Weighted(_stepWeights))
        {
            case 0:
                Scheduler.RunOne();
                break;
            case 1:
                LetAct(slot);
                break;
            case 2:
                foreach (var client in Everybody())
                    LetArrive(client);
                break;
            case 3:
                foreach (var client in Everybody().Where(c => Dice.Chance(c.ReadPercent)))
                    client.Receive(Dice.Chance(30) ? Dice.Between(1, 100) : 1 << 20);
                break;
            case 4:
                foreach (var client in Everybody().Where(c => c.Stream.IsWritePending && Dice.Chance(c.ReadPercent)))
                    client.Stream.LetWriteThrough();
                break;
            case 5:
                Time.AdvanceToTimer();
                break;
            default:
                Operate(slot);
                break;
        }
        Replace();
    }

    private SimulatedClient[] Everybody() => [.. _clients.OfType<SimulatedClient>(), .. _leaving];

    private void LetArrive(SimulatedClient client)
    {
        if ((client.Stream.OnTheWay > 0 || client.Stream.IsEndOnTheWay) && Dice.Chance(60))
            client.Stream.Arrive(Dice.Chance(50) ? Dice.Between(1, 200) : 1 << 20);
    }

    private void LetAct(int slot)
    {
        var client = _clients[slot] ??= Connect(slot);
        if (!client.IsOpen || client.Stream.OnTheWay > 30_000)
            return;
        Actor.Do((Act)Dice.Weighted(_actWeights), client, Dice.Pick(Names.Channels));
    }

    // What an operator or the machine does.
    private void Operate(int slot)
    {
        if (Dice.Chance(60))
        {
            SetAlarm(!Broker.Alarms.IsRaised);
        }
        else if (_clients[slot] is { IsOpen: true } client && Dice.Chance(30))
        {
            Log.Note($"{client} is closed by the operator");
            client.MayBeClosedWith(ReplyCode.ConnectionForced);
            client.Connection.CloseForced("simulated");
        }
    }

    private void SetAlarm(bool isRaised)
    {
        Log.Note($"alarm: {isRaised}");
        foreach (var client in Everybody())
            client.MayDropTheRest |= isRaised;
        if (isRaised)
            Broker.Alarms.Set("memory", "low on memory");
        else
            Broker.Alarms.Clear("memory");
    }

    // Whoever is gone leaves its place; its connection may still have to end.
    private void Replace()
    {
        for (var slot = 0; slot < _clients.Length; slot++)
        {
            if (_clients[slot] is not { State: ClientState.Over } client)
                continue;
            _isClean[slot] = client.WasClosedCleanly;
            _leaving.Add(client);
            _clients[slot] = null;
        }
        _leaving.RemoveAll(static c => c.Reading.IsCompletedSuccessfully);
    }

    private void CheckNothingBroke()
    {
        if (_fatal is not null)
            throw new SimulationFailure(S17_nothing_breaks, _fatal.Message, _fatal);
        foreach (var client in Everybody())
        {
            if (client.Reading.Exception is { } exception)
                throw new SimulationFailure(S17_nothing_breaks, $"{client}: {exception.Message}", exception);
        }
    }
}
