namespace Levada.Counting;

/// <summary>
/// What one channel was given of one queue. Owner: the outbox lock of its connection. Anyone may read: each figure is
/// right.
/// </summary>
public sealed class QueueDeliveries
{
    /// <summary>To consumers that acknowledge.</summary>
    public long Delivered { get; internal set; }

    public long DeliveredNoAck { get; internal set; }

    /// <summary>By basic.get, to be acknowledged.</summary>
    public long Got { get; internal set; }

    public long GotNoAck { get; internal set; }

    /// <summary>basic.get while it was empty.</summary>
    public long GotEmpty { get; internal set; }

    public long Acknowledged { get; internal set; }

    /// <summary>Of those delivered or got: marked redelivered.</summary>
    public long Redelivered { get; internal set; }

    /// <summary>Handed out in any way.</summary>
    public long HandedOut => Delivered + DeliveredNoAck + Got + GotNoAck;

    internal void CountDelivery(bool noAck, bool redelivered)
    {
        if (noAck)
            DeliveredNoAck++;
        else
            Delivered++;
        if (redelivered)
            Redelivered++;
    }

    internal void CountGet(bool noAck, bool redelivered)
    {
        if (noAck)
            GotNoAck++;
        else
            Got++;
        if (redelivered)
            Redelivered++;
    }
}
