using Levada.Amqp;
using Levada.Protocol;
using static Levada.Protocol.ReplyCode;

namespace Levada.Tests.Simulation;

/// <summary>Lets a client do something, as the dice say.</summary>
internal static class Actor
{
    private const int UnansweredMax = 6;

    /// <summary>Does the act if it makes sense now, else nothing.</summary>
    public static void Do(Act act, SimulatedClient client, ushort number)
    {
        var dice = client.World.Dice;
        if (client.Current(number) is not { } channel)
        {
            if (client.IsFree(number))
                Open(client, number);
            return;
        }
        if (channel.Unanswered > UnansweredMax)
            return;
        if (act <= Act.PublishToNobody)
            Publish(act, channel, dice);
        else if (act <= Act.GetChurning)
            Consume(act, channel, dice);
        else if (act <= Act.BindExchange)
            Define(act, channel, dice);
        else
            Rule(act, channel, dice);
    }

    private static SimulatedChannel Open(SimulatedClient client, ushort number)
    {
        var dice = client.World.Dice;
        var channel = client.OpenChannel(number);
        switch (dice.Weighted([35, 40, 25]))
        {
            case 1:
                channel.SelectConfirms(dice.Chance(30));
                break;
            case 2:
                channel.SelectTransactions();
                break;
        }
        if (dice.Chance(60))
            channel.SetPrefetch(dice.Pick<int>([1, 2, 5]));
        if (dice.Chance(15))
            channel.SetGlobalPrefetch(dice.Pick<int>([1, 3]));
        return channel;
    }

    private static void Publish(Act act, SimulatedChannel channel, Dice dice)
    {
        for (var left = dice.Pick<int>([1, 1, 3, 10]); left > 0; left--)
        {
            var mandatory = dice.Chance(20);
            switch (act)
            {
                case Act.PublishToStable:
                    var queue = dice.Pick(Names.Stable);
                    channel.Publish("", queue, mandatory, [queue]);
                    break;
                case Act.PublishToMany:
                    channel.Publish(Names.StableExchange, "any", mandatory, Names.Stable);
                    break;
                case Act.PublishToNobody:
                    channel.Publish("", $"nowhere{dice.Next(2)}", mandatory || dice.Chance(50), []);
                    break;
                default:
                    if (dice.Chance(50))
                        channel.Publish("", AnyQueue(channel, dice), mandatory, []);
                    else
                        channel.Publish(dice.Pick(Names.Exchanges), dice.Pick(Names.Keys), mandatory, [], NotFound);
                    break;
            }
        }
    }

    // A churning queue, or an exclusive one of anybody's.
    private static string AnyQueue(SimulatedChannel channel, Dice dice) =>
        dice.Chance(80) ? dice.Pick(Names.Churning) : Names.Exclusive(dice.Next(channel.World.Slots));

    private static void Consume(Act act, SimulatedChannel channel, Dice dice)
    {
        switch (act)
        {
            case Act.Consume or Act.ConsumeChurning:
                if (Names.Tags.FirstOrDefault(t => !channel.Consumers.ContainsKey(t)) is not { } tag)
                    break;
                var isStable = act == Act.Consume;
                channel.Consume(
                    isStable ? dice.Pick(Names.Stable) : AnyQueue(channel, dice), tag, dice.Chance(25),
                    !isStable && dice.Chance(20), dice.Chance(30) ? dice.Next(3) : 0, dice.Chance(20),
                    isStable ? [] : [NotFound, AccessRefused, ResourceLocked]);
                break;
            case Act.Cancel:
                if (channel.Consumers.Values.FirstOrDefault(static c => !c.IsCancelling) is { } consumer)
                    channel.Cancel(consumer, dice.Chance(25));
                break;
            case Act.Settle or Act.GiveBack:
                Settle(act, channel, dice);
                break;
            case Act.SettleAll:
                channel.SettleAll(dice.Pick<SettleKind>(
                    [SettleKind.Acknowledged, SettleKind.Requeued, SettleKind.Rejected]));
                break;
            case Act.Get:
                channel.Get(dice.Pick(Names.Stable), dice.Chance(30), null);
                break;
            default:
                channel.Get(AnyQueue(channel, dice), dice.Chance(30), null, NotFound, ResourceLocked);
                break;
        }
    }

    private static void Settle(Act act, SimulatedChannel channel, Dice dice)
    {
        for (var left = dice.Pick<int>([1, 1, 4]); left > 0; left--)
        {
            if (channel.PickHeld() is not { } delivery)
                return;
            var kind = act == Act.GiveBack ? SettleKind.Requeued
                : dice.Chance(80) ? SettleKind.Acknowledged : SettleKind.Rejected;
            channel.Settle(delivery, kind, dice.Chance(30));
        }
    }

    private static void Define(Act act, SimulatedChannel channel, Dice dice)
    {
        var queue = AnyQueue(channel, dice);
        var exchange = dice.Next(Names.Exchanges.Length);
        var name = Names.Exchanges[exchange];
        var noWait = dice.Chance(20);
        var key = dice.Pick(Names.Keys);
        switch (act)
        {
            case Act.Declare:
                Declare(channel, dice, noWait);
                break;
            case Act.Delete:
                var delete = new QueueDelete(queue, dice.Chance(30), dice.Chance(30), noWait);
                channel.Request(delete, MethodId.QueueDeleteOk, noWait, PreconditionFailed, ResourceLocked);
                break;
            case Act.Purge:
                var purge = new QueuePurge(queue, noWait);
                channel.Request(purge, MethodId.QueuePurgeOk, noWait, NotFound, ResourceLocked);
                break;
            case Act.Bind:
                var bind = new QueueBind(queue, name, key, noWait);
                channel.Request(bind, MethodId.QueueBindOk, noWait, NotFound, ResourceLocked);
                break;
            case Act.Unbind:
                channel.Request(
                    new QueueUnbind(queue, name, key), MethodId.QueueUnbindOk, false, ResourceLocked);
                break;
            case Act.DeclareExchange:
                var declare = new ExchangeDeclare(
                    name, Names.ExchangeTypes[exchange], false, exchange == 2, exchange == 1, false, noWait);
                channel.Request(declare, MethodId.ExchangeDeclareOk, noWait);
                break;
            case Act.DeleteExchange:
                channel.Request(
                    new ExchangeDelete(name, dice.Chance(40), noWait), MethodId.ExchangeDeleteOk, noWait,
                    PreconditionFailed);
                break;
            default:
                channel.Request(
                    new ExchangeBind(dice.Pick(Names.Exchanges), name, key, noWait), MethodId.ExchangeBindOk, noWait,
                    NotFound);
                break;
        }
    }

    private static void Declare(SimulatedChannel channel, Dice dice, bool noWait)
    {
        if (dice.Chance(25))
        {
            var slot = channel.Client.Slot;
            var mine = new QueueDeclare(Names.Exclusive(slot), false, false, true, dice.Chance(30), noWait);
            ushort[] mayFailWith = channel.World.IsClean(slot)
                ? [PreconditionFailed]
                : [PreconditionFailed, ResourceLocked];
            channel.Request(mine, MethodId.QueueDeclareOk, noWait, mayFailWith);
            return;
        }
        // Mostly the same for the same name.
        var at = dice.Next(Names.Churning.Length);
        var odd = dice.Chance(5);
        var declare = new QueueDeclare(Names.Churning[at], false, (at % 2 == 0) ^ odd, false, at >= 2, noWait);
        channel.Request(declare, MethodId.QueueDeclareOk, noWait, PreconditionFailed);
    }

    private static void Rule(Act act, SimulatedChannel channel, Dice dice)
    {
        var client = channel.Client;
        switch (act)
        {
            case Act.Prefetch:
                channel.SetPrefetch(dice.Pick<int>([0, 1, 2, 5]));
                break;
            case Act.Flow:
                channel.SetFlow(channel.HasFlowOff);
                break;
            case Act.Recover:
                if (dice.Chance(25))
                    channel.RecoverAsync();
                else
                    channel.Recover(dice.Chance(70));
                break;
            case Act.EndTransaction:
                if (channel.Mode == ChannelMode.Transaction)
                    channel.EndTransaction(dice.Chance(75));
                break;
            case Act.Ping:
                channel.Ping();
                break;
            case Act.CloseChannel:
                channel.Close();
                break;
            case Act.Reopen:
                channel.Close();
                Open(client, channel.Number);
                break;
            case Act.Mistake:
                Mistakes.Make(channel, dice);
                break;
            case Act.BigMistake:
                Mistakes.MakeBig(channel, dice);
                break;
            case Act.CloseConnection:
                client.Close();
                break;
            default:
                client.Cut();
                break;
        }
    }
}
