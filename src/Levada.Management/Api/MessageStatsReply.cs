using Levada.Amqp;
using Levada.Management.Lists;

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
    public static MessageStatsReply Of(MessageCounters now, MessageCounters before, TimeSpan over) =>
        Of(now, Figures.Messages.Rates(now, before, over));

    public static MessageStatsReply Of(MessageCounters now, Details details) => new(
        now.Published, details.Messages("publish"),
        now.Confirmed, details.Messages("confirm"),
        now.Returned, details.Messages("return_unroutable"),
        now.DroppedUnroutable, details.Messages("drop_unroutable"),
        now.Delivered, details.Messages("deliver"),
        now.DeliveredNoAck, details.Messages("deliver_no_ack"),
        now.Got, details.Messages("get"),
        now.GotNoAck, details.Messages("get_no_ack"),
        now.GotEmpty, details.Messages("get_empty"),
        now.Acknowledged, details.Messages("ack"),
        now.Rejected, details.Messages("reject"),
        now.Requeued, details.Messages("requeue"),
        now.Redelivered, details.Messages("redeliver"),
        now.HandedOut, details.Messages("deliver_get"));
}
