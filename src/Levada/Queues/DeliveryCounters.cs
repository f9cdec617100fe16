namespace Levada.Queues;

/// <summary>What a queue has done since the start. Written on its shard's turn, read by anyone.</summary>
public sealed class DeliveryCounters
{
    public long Published { get; internal set; }

    /// <summary>Deliveries that wait for an acknowledgement.</summary>
    public long Delivered { get; internal set; }

    public long DeliveredNoAck { get; internal set; }

    public long Got { get; internal set; }

    public long GotNoAck { get; internal set; }

    public long GotEmpty { get; internal set; }

    /// <summary>Acknowledged, or rejected for good.</summary>
    public long Settled { get; internal set; }

    /// <summary>Deliveries and gets of messages that may have been delivered before.</summary>
    public long Redelivered { get; internal set; }

    /// <summary>Messages whose time to live was over.</summary>
    public long Expired { get; internal set; }

    /// <summary>Messages that the queue left out as duplicates.</summary>
    public long Deduplicated { get; internal set; }

    /// <summary>Messages that made room for others in a queue at its limit.</summary>
    public long DroppedByLength { get; internal set; }

    /// <summary>Messages that a queue at its limit refused.</summary>
    public long RefusedByLength { get; internal set; }

    /// <summary>Messages given back more often than they may be.</summary>
    public long DroppedByDeliveries { get; internal set; }

    /// <summary>Messages that went on to other queues.</summary>
    public long DeadLettered { get; internal set; }

    /// <summary>Handed out in any way.</summary>
    public long HandedOut => Delivered + DeliveredNoAck + Got + GotNoAck;

    /// <summary>The figures of this moment, which change no more.</summary>
    internal DeliveryCounters Copy()
    {
        var copy = new DeliveryCounters();
        copy.Add(this);
        return copy;
    }

    public void Add(DeliveryCounters other)
    {
        Published += other.Published;
        Delivered += other.Delivered;
        DeliveredNoAck += other.DeliveredNoAck;
        Got += other.Got;
        GotNoAck += other.GotNoAck;
        GotEmpty += other.GotEmpty;
        Settled += other.Settled;
        Redelivered += other.Redelivered;
        Expired += other.Expired;
        Deduplicated += other.Deduplicated;
        DroppedByLength += other.DroppedByLength;
        RefusedByLength += other.RefusedByLength;
        DroppedByDeliveries += other.DroppedByDeliveries;
        DeadLettered += other.DeadLettered;
    }
}
