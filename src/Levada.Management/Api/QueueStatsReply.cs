using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>
/// message_stats of a queue: totals since the start and rates, under RabbitMQ's keys; from Expire on ours.
/// </summary>
internal sealed record QueueStatsReply(
    long Publish, RateReply PublishDetails, long Deliver, RateReply DeliverDetails, long DeliverNoAck,
    RateReply DeliverNoAckDetails, long Get, RateReply GetDetails, long GetNoAck, RateReply GetNoAckDetails,
    long GetEmpty, RateReply GetEmptyDetails, long DeliverGet, RateReply DeliverGetDetails, long Ack,
    RateReply AckDetails, long Redeliver, RateReply RedeliverDetails, long Expire, RateReply ExpireDetails,
    long DropLength, RateReply DropLengthDetails, long RefuseLength, RateReply RefuseLengthDetails,
    long DropDeliveryLimit, RateReply DropDeliveryLimitDetails, long DeadLetter, RateReply DeadLetterDetails)
{
    public static QueueStatsReply Of(DeliveryCounters c, Details details) => new(
        c.Published, details.Messages("publish"),
        c.Delivered, details.Messages("deliver"),
        c.DeliveredNoAck, details.Messages("deliver_no_ack"),
        c.Got, details.Messages("get"),
        c.GotNoAck, details.Messages("get_no_ack"),
        c.GotEmpty, details.Messages("get_empty"),
        c.HandedOut, details.Messages("deliver_get"),
        c.Settled, details.Messages("ack"),
        c.Redelivered, details.Messages("redeliver"),
        c.Expired, details.Messages("expire"),
        c.DroppedByLength, details.Messages("drop_length"),
        c.RefusedByLength, details.Messages("refuse_length"),
        c.DroppedByDeliveries, details.Messages("drop_delivery_limit"),
        c.DeadLettered, details.Messages("dead_letter"));
}
