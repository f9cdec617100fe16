using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>message_stats of a queue: totals since the start, under RabbitMQ's keys; the last five are ours.</summary>
internal sealed record QueueStatsReply(
    long Publish, long Deliver, long DeliverNoAck, long Get, long GetNoAck, long GetEmpty, long DeliverGet, long Ack,
    long Redeliver, long Expire, long DropLength, long RefuseLength, long DropDeliveryLimit, long DeadLetter)
{
    public static QueueStatsReply Of(DeliveryCounters c) => new(
        c.Published, c.Delivered, c.DeliveredNoAck, c.Got, c.GotNoAck, c.GotEmpty,
        c.Delivered + c.DeliveredNoAck + c.Got + c.GotNoAck, c.Settled, c.Redelivered, c.Expired, c.DroppedByLength,
        c.RefusedByLength, c.DroppedByDeliveries, c.DeadLettered);
}
