using Levada.Amqp;
using Levada.Queues;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>Rests: everything that can move moves until nothing can; then nobody may be waiting for anything.</summary>
internal sealed partial class World
{
    private const int MovesMax = 200_000;

    private IEnumerable<Queue> Queues =>
        Broker.Catalog.FindVHost("/")!.Queues().OrderBy(static q => q.Name, StringComparer.Ordinal);

    private void Rest()
    {
        Log.Note($"rest");
        SetAlarm(false);
        Settle();
        CheckNobodyWaits();
        Ledger.Synced();
        Array.Fill(_isClean, true);
    }

    private void Settle()
    {
        for (var moves = 0; Move(); moves++)
        {
            CheckNothingBroke();
            Replace();
            if (moves == MovesMax)
                throw new SimulationFailure(S14_nothing_waits_for_ever, "it never comes to rest");
        }
    }

    // Does one round of what can be done; false if that is nothing.
    private bool Move()
    {
        var moved = false;
        for (var left = Dice.Between(1, 5); left > 0; left--)
            moved |= Scheduler.RunOne();
        foreach (var client in Everybody())
        {
            var stream = client.Stream;
            moved |= stream.OnTheWay > 0 || stream.IsEndOnTheWay || stream.IsWritePending || stream.Readable > 0;
            if (stream.OnTheWay > 0 || stream.IsEndOnTheWay)
                stream.Arrive(Dice.Between(1, 5_000));
            if (stream.IsWritePending && Dice.Chance(50))
                stream.LetWriteThrough();
            client.Receive(Dice.Between(1, 20_000));
        }
        if (moved || !Time.HasTimers)
            return moved;
        Time.AdvanceToTimer();
        return true;
    }

    private void CheckNobodyWaits()
    {
        if (_leaving.Count > 0)
            throw new SimulationFailure(S14_nothing_waits_for_ever, $"the connection of {_leaving[0]} does not end");
        foreach (var client in _clients.OfType<SimulatedClient>())
        {
            if (!client.IsOpen)
                throw new SimulationFailure(S14_nothing_waits_for_ever, $"{client} waits in {client.State}");
            if (client.Stream.Arrived > 0)
                throw new SimulationFailure(S14_nothing_waits_for_ever,
                    $"{client}: {client.Stream.Arrived} octets unread");
            foreach (var session in client.Sessions)
                session.CheckNothingWaits();
        }
        var open = _clients.Count(static c => c is not null);
        if (Broker.Connections.All.Count() != open || Broker.Connections.RunningCount != open)
            throw new SimulationFailure(S12_nothing_is_left_behind,
                $"connections: {Broker.Connections.RunningCount} of {open}");
        var sessions = _clients.Sum(static c => c?.Sessions.Count() ?? 0);
        if (Broker.Connections.ChannelCount != sessions)
            throw new SimulationFailure(S12_nothing_is_left_behind,
                $"channels: {Broker.Connections.ChannelCount} of {sessions}");
        if (Broker.PostedBytes != 0)
            throw new SimulationFailure(S12_nothing_is_left_behind, $"publish credit: {Broker.PostedBytes} octets");
        foreach (var queue in Queues)
            CheckQueue(queue);
    }

    private void CheckQueue(Queue queue)
    {
        var state = queue.State;
        if (queue.Ready != state.Messages.Ready || queue.Unacked != state.Messages.Unacked
            || queue.ConsumerCount != state.Consumers.Count)
        {
            throw new SimulationFailure(S12_nothing_is_left_behind, $"figures of {queue.Name} are old");
        }
        if (queue.AutoDelete && state.HadConsumers && state.Consumers.Count == 0)
            throw new SimulationFailure(S12_nothing_is_left_behind,
                $"auto-delete queue {queue.Name} without consumers");
        if (queue.Exclusive && !_clients.Any(c => c?.Connection == queue.Owner))
            throw new SimulationFailure(S12_nothing_is_left_behind, $"exclusive queue {queue.Name}");
        var counters = queue.Counters;
        var left = counters.Published + _recovered.GetValueOrDefault(queue.Name)
            - counters.Settled - counters.DeliveredNoAck - counters.GotNoAck - queue.Ready - queue.Unacked;
        if (left != 0 && Names.Stable.Contains(queue.Name))
            throw new SimulationFailure(S11_nothing_is_lost, $"{queue.Name}: counts differ by {left}");
        foreach (var consumer in state.Consumers.All)
            CheckConsumer(queue, consumer);
    }

    private void CheckConsumer(Queue queue, Consumer consumer)
    {
        var channel = (Channel)consumer.Target;
        var session = _clients.FirstOrDefault(c => c?.Connection == channel.Connection)?.Current(channel.Number);
        if (session is null || !session.Consumers.TryGetValue(consumer.Tag, out var known))
        {
            throw new SimulationFailure(
                S12_nothing_is_left_behind, $"consumer {consumer.Tag} of channel {channel.Number} on {queue.Name}");
        }
        if (session.IsExact && known.Outstanding != consumer.Unacked)
        {
            throw new SimulationFailure(
                S7_nobody_holds_more_than_its_prefetch,
                $"{session}: {known.Tag} holds {known.Outstanding}, its queue counts {consumer.Unacked}");
        }
        var hasRoom = consumer.NoAck || consumer.Prefetch == 0 || consumer.Unacked < consumer.Prefetch;
        if (queue.Ready > 0 && hasRoom && !session.HasFlowOff && session.GlobalPrefetch == 0)
        {
            throw new SimulationFailure(
                S14_nothing_waits_for_ever,
                $"{session}: {known.Tag} has room and gets none of {queue.Ready} in {queue.Name} "
                + $"(refused: {consumer.IsRefused}, ready: {consumer.IsReady})");
        }
    }
}
