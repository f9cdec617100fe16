using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>The broker dies, or stops, and starts again on the same disk.</summary>
internal sealed partial class World
{
    // By queue, as it was when the broker started: what it has not counted as published.
    private readonly Dictionary<string, long> _recovered = new(StringComparer.Ordinal);

    // With the power, or only the process. It may die again while it starts.
    private void Crash()
    {
        do
        {
            var withPower = Dice.Chance(60);
            Log.Note($"crash, {(withPower ? "of the machine" : "of the process")}");
            if (withPower)
                Disk.Crash();
            else
                Disk.Kill();
            Restart(wasClean: false);
        }
        while (Dice.Chance(20));
        SetUpAgain();
    }

    private void StopAndStart()
    {
        Log.Note($"stop");
        var stops = Broker.Shards.Select(static s => s.StopAsync()).ToArray();
        while (!Array.TrueForAll(stops, static s => s.IsCompleted))
            RunOneOr("the shards do not stop");
        var closed = Broker.Catalog.DisposeAsync();
        while (!closed.IsCompleted)
            RunOneOr("the catalog does not stop");
        CheckNothingBroke();
        Restart(wasClean: true);
        SetUpAgain();
    }

    private void RunOneOr(string failure)
    {
        if (!Scheduler.RunOne())
            throw new SimulationFailure(S14_nothing_waits_for_ever, failure);
    }

    private void Restart(bool wasClean)
    {
        foreach (var client in Everybody())
            client.Over();
        Array.Clear(_clients);
        _leaving.Clear();
        Array.Fill(_isClean, true);
        Scheduler.Clear();
        Time.Clear();
        Ledger.Restarted(
            wasClean,
            Queues.ToDictionary(static q => q.Name, static q => q.Counters.DeliveredNoAck + q.Counters.GotNoAck));
        Broker = NewBroker();
        CheckNothingBroke();
        _recovered.Clear();
        foreach (var queue in Queues)
            _recovered.Add(queue.Name, queue.Ready);
        if (Broker.Shards.Any(static s => s.Store.Counters.Damaged > 0))
            throw new SimulationFailure(S11_nothing_is_lost, "damage is found after a restart");
    }

    // What is durable must be there; what is not is declared again.
    private void SetUpAgain()
    {
        var client = _clients[0] = Connect(0);
        Settle();
        var channel = client.OpenChannel(1);
        channel.Request(
            new ExchangeDeclare(Names.StableExchange, "", true), MethodId.ExchangeDeclareOk);
        foreach (var queue in Names.StableDurable)
            channel.Request(new QueueDeclare(queue, true), MethodId.QueueDeclareOk);
        channel.Request(new QueueDeclare("s1"), MethodId.QueueDeclareOk);
        channel.Request(new QueueBind("s1", Names.StableExchange, ""), MethodId.QueueBindOk);
        Settle();
        CheckNobodyWaits();
    }
}
