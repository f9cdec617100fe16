using Levada.Amqp;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>How a run begins and ends: what must be there is declared; all go; what is left is read.</summary>
internal sealed partial class World
{
    private void SetUp()
    {
        var client = _clients[0] = Connect(0);
        Settle();
        var channel = client.OpenChannel(1);
        channel.Request(new ExchangeDeclare(Names.StableExchange, "fanout", false, true), MethodId.ExchangeDeclareOk);
        for (var i = 0; i < Names.Stable.Length; i++)
        {
            channel.Request(new QueueDeclare(Names.Stable[i], false, i != 1), MethodId.QueueDeclareOk);
            channel.Request(new QueueBind(Names.Stable[i], Names.StableExchange, ""), MethodId.QueueBindOk);
        }
        Settle();
        CheckNobodyWaits();
    }

    private void WindDown()
    {
        foreach (var session in _clients.OfType<SimulatedClient>().Where(static c => c.IsOpen).SelectMany(static c =>
            c.Sessions))
        {
            if (session is { HasFlowOff: true, IsUsable: true })
                session.SetFlow(true);
        }
        Rest();
        foreach (var client in _clients.OfType<SimulatedClient>())
            Leave(client);
        Settle();
        CheckNobodyWaits();
        CheckNobodyIsLeft();
        if (Dice.Chance(40))
            StopAndStart();
        Drain();
    }

    private void Leave(SimulatedClient client)
    {
        switch (Dice.Next(4))
        {
            case 0:
                client.Cut();
                break;
            case 1:
                foreach (var session in client.Sessions.Where(static s => s.IsUsable).ToArray())
                    session.Close();
                client.Close();
                break;
            default:
                client.Close();
                break;
        }
    }

    private void CheckNobodyIsLeft()
    {
        foreach (var queue in Queues)
        {
            if (queue.Unacked > 0 || queue.ConsumerCount > 0 || queue.Exclusive)
            {
                throw new SimulationFailure(
                    S12_nothing_is_left_behind,
                    $"{queue.Name}: {queue.Unacked} unacked, {queue.ConsumerCount} consumers, exclusive "
                    + $"{queue.Exclusive}");
            }
        }
    }

    private void Drain()
    {
        var client = _clients[1] = Connect(1);
        Settle();
        var channel = client.OpenChannel(1);
        channel.IsDraining = true;
        foreach (var queue in Queues)
        {
            for (var isEmpty = false; !isEmpty;)
            {
                for (var i = 0; i < 20; i++)
                    channel.Get(queue.Name, noAck: false, found => isEmpty |= !found);
                Settle();
            }
            channel.SettleAll(SettleKind.Acknowledged);
            Settle();
        }
        client.Close();
        Settle();
        CheckNobodyWaits();
        foreach (var queue in Queues.Where(static q => Names.Stable.Contains(q.Name)))
        {
            var counters = queue.Counters;
            Ledger.CheckNothingIsLost(queue.Name, counters.Settled, counters.DeliveredNoAck + counters.GotNoAck);
            if (queue.Ready > 0)
                throw new SimulationFailure(S11_nothing_is_lost,
                    $"{queue.Name}: {queue.Ready} left after it was emptied");
        }
        Broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
