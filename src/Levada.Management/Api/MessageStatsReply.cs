using Levada.Amqp;

namespace Levada.Management.Api;

/// <summary>message_stats of a connection or channel: totals and their rates, under RabbitMQ's keys.</summary>
internal sealed record MessageStatsReply(
    long Publish, RateReply PublishDetails, long Confirm, RateReply ConfirmDetails, long ReturnUnroutable,
    RateReply ReturnUnroutableDetails, long DropUnroutable, RateReply DropUnroutableDetails, long Deliver,
    RateReply DeliverDetails, long DeliverNoAck, RateReply DeliverNoAckDetails, long Get, RateReply GetDetails,
    long GetNoAck, RateReply GetNoAckDetails, long GetEmpty, RateReply GetEmptyDetails, long Ack, RateReply AckDetails,
    long Reject, RateReply RejectDetails, long Requeue, RateReply RequeueDetails, long Redeliver,
    RateReply RedeliverDetails, long DeliverGet, RateReply DeliverGetDetails)
{
    public static MessageStatsReply Of(MessageCounters now, MessageCounters before, TimeSpan over)
    {
        return new MessageStatsReply(
            now.Published, Rate(static c => c.Published),
            now.Confirmed, Rate(static c => c.Confirmed),
            now.Returned, Rate(static c => c.Returned),
            now.DroppedUnroutable, Rate(static c => c.DroppedUnroutable),
            now.Delivered, Rate(static c => c.Delivered),
            now.DeliveredNoAck, Rate(static c => c.DeliveredNoAck),
            now.Got, Rate(static c => c.Got),
            now.GotNoAck, Rate(static c => c.GotNoAck),
            now.GotEmpty, Rate(static c => c.GotEmpty),
            now.Acknowledged, Rate(static c => c.Acknowledged),
            now.Rejected, Rate(static c => c.Rejected),
            now.Requeued, Rate(static c => c.Requeued),
            now.Redelivered, Rate(static c => c.Redelivered),
            now.HandedOut, Rate(static c => c.HandedOut));

        RateReply Rate(Func<MessageCounters, long> figure) => RateReply.Of(figure(now), figure(before), over);
    }
}
