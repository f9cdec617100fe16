using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What a change of the user's rights ends. In a turn of the connection.</summary>
internal sealed partial class Channel
{
    /// <summary>
    /// Consumers of queues that the user may not read any more are cancelled; what they hold stays the channel's. A
    /// client that could not be told would wait for ever: its channel is closed. All else is asked for when it is done
    /// the next time.
    /// </summary>
    public void FollowRights()
    {
        if (IsOver || _consumers is null)
            return;
        foreach (var consumer in _consumers.Values.ToArray())
        {
            var queue = consumer.Queue;
            if (Connection.Access.MayRead(queue.Name))
                continue;
            var refused = Errors.AccessRefused(
                Auth.Right.Read, "queue", queue.Name, queue.VHost, Connection.UserName ?? "", MethodId.BasicConsume);
            Connection.LogConsumerRefused(Broker.ChannelLogger, Connection, Number, consumer.Tag, refused.Text);
            if (!Connection.WantsCancelNotify)
            {
                CloseByServer(refused);
                return;
            }
            Cancel(consumer, static () => { });
        }
    }
}
