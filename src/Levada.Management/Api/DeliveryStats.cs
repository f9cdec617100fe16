using Levada.Management.Lists;

namespace Levada.Management.Api;

/// <summary>stats of a channel and a queue.</summary>
internal sealed record DeliveryStats(
    long Deliver, RateReply DeliverDetails, long DeliverNoAck, RateReply DeliverNoAckDetails, long Get,
    RateReply GetDetails, long GetNoAck, RateReply GetNoAckDetails, long GetEmpty, RateReply GetEmptyDetails, long Ack,
    RateReply AckDetails, long Redeliver, RateReply RedeliverDetails, long DeliverGet, RateReply DeliverGetDetails)
{
    public static DeliveryStats Of(DeliverySample d, Details details) => new(
        d.Delivered, details.Messages("deliver"),
        d.DeliveredNoAck, details.Messages("deliver_no_ack"),
        d.Got, details.Messages("get"),
        d.GotNoAck, details.Messages("get_no_ack"),
        d.GotEmpty, details.Messages("get_empty"),
        d.Acknowledged, details.Messages("ack"),
        d.Redelivered, details.Messages("redeliver"),
        d.HandedOut, details.Messages("deliver_get"));
}
