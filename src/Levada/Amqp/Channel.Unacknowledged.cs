using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What a channel holds of one queue.</summary>
internal sealed partial class Channel
{
    /// <summary>The oldest of its unacknowledged deliveries from a queue.</summary>
    public void AddUnacknowledged(Queue queue, int max, List<UnacknowledgedDelivery> to)
    {
        lock (_outbox.Lock)
        {
            var now = (uint)Broker.ElapsedMs;
            to.AddRange(_unsettled.Of(queue).Take(max).Select(held => new UnacknowledgedDelivery(
                Connection.Name, Connection.ClientName, Connection.UserName ?? "", Number, held.Tag,
                held.Entry.Consumer?.Tag, held.Entry.Sequence,
                TimeSpan.FromMilliseconds(now - held.Entry.DeliveredAtMs))));
        }
    }
}
