using Levada.Counting;

namespace Levada.Management.Lists;

/// <summary>What a channel had been given of a queue at one moment.</summary>
internal sealed record DeliverySample(
    long Delivered, long DeliveredNoAck, long Got, long GotNoAck, long GotEmpty, long Acknowledged, long Redelivered)
{
    public static DeliverySample None { get; } = new(0, 0, 0, 0, 0, 0, 0);

    public long HandedOut => Delivered + DeliveredNoAck + Got + GotNoAck;

    public static DeliverySample Of(QueueDeliveries d) => new(
        d.Delivered, d.DeliveredNoAck, d.Got, d.GotNoAck, d.GotEmpty, d.Acknowledged, d.Redelivered);
}
