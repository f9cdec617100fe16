using Levada.Amqp;
using Levada.Protocol;
using static Levada.Protocol.ReplyCode;

namespace Levada.Tests.Simulation;

/// <summary>Errors on purpose: each closes exactly what it should, with the code that it should.</summary>
internal static class Mistakes
{
    /// <summary>One that costs the channel.</summary>
    public static void Make(SimulatedChannel channel, Dice dice)
    {
        switch (dice.Next(8))
        {
            case 0:
                channel.Mistake(new QueueDeclare("missing", true), MethodId.QueueDeclareOk, NotFound);
                break;
            case 1:
                channel.Mistake(new BasicAck(1_000_000), 0, PreconditionFailed);
                break;
            case 2:
                channel.Mistake(new BasicConsume("missing", "m"), MethodId.BasicConsumeOk, NotFound);
                break;
            case 3:
                channel.Mistake(new QueueDeclare("s1", false, true), MethodId.QueueDeclareOk, PreconditionFailed);
                break;
            case 4:
                channel.Mistake(new QueueBind("s0", "missing", "k"), MethodId.QueueBindOk, NotFound);
                break;
            case 5:
                channel.Mistake(new BasicGet("missing"), MethodId.BasicGetOk, NotFound);
                break;
            case 6:
                if (channel.Mode != ChannelMode.Transaction)
                    channel.Mistake(new TxCommit(), MethodId.TxCommitOk, PreconditionFailed);
                break;
            default:
                if (channel.Mode == ChannelMode.Transaction)
                    channel.Mistake(new ConfirmSelect(), MethodId.ConfirmSelectOk, PreconditionFailed);
                else
                    channel.Mistake(new BasicNack(2_000_000, true), 0, PreconditionFailed);
                break;
        }
    }

    /// <summary>One that costs the connection. The client closes it, too, as if it had not noticed yet.</summary>
    public static void MakeBig(SimulatedChannel channel, Dice dice)
    {
        switch (dice.Next(4))
        {
            case 0:
                // A consumer of a queue that is never deleted: its tag is surely taken.
                if (channel.Consumers.Values.FirstOrDefault(
                    static c => !c.IsCancelling && Names.Stable.Contains(c.Queue)) is not { } consumer)
                {
                    return;
                }
                channel.BigMistake(new BasicConsume("s0", consumer.Tag), NotAllowed);
                break;
            case 1:
                channel.BigMistake(new ChannelOpen(), ChannelError);
                break;
            case 2:
                channel.BigMistake(new BasicQosOk(), CommandInvalid);
                break;
            default:
                channel.Client.Send(channel.Number, new BasicPublish(default, "s0"u8));
                channel.BigMistake(new TxRollback(), UnexpectedFrame);
                break;
        }
        channel.Client.Close();
    }
}
