namespace Levada;

/// <summary>Messages counted since the start, over all connections.</summary>
public sealed record MessageTotals
{
    public long Published { get; init; }

    /// <summary>Publishes answered with basic.ack.</summary>
    /// <summary>Messages that came into queues, once for each queue.</summary>
    public long Routed { get; init; }

    public long Confirmed { get; init; }

    /// <summary>Publishes answered with basic.nack.</summary>
    public long Nacked { get; init; }

    /// <summary>Mandatory or immediate messages sent back.</summary>
    public long Returned { get; init; }

    /// <summary>Messages that led to no queue and were not mandatory.</summary>
    public long DroppedUnroutable { get; init; }

    /// <summary>Messages that exchanges or queues left out as duplicates.</summary>
    public long Deduplicated { get; init; }

    /// <summary>Deliveries that wait for an acknowledgement.</summary>
    public long DeliveredManualAck { get; init; }

    public long DeliveredAutoAck { get; init; }

    public long GotManualAck { get; init; }

    public long GotAutoAck { get; init; }

    /// <summary>Handed out in any way.</summary>
    public long HandedOut => DeliveredManualAck + DeliveredAutoAck + GotManualAck + GotAutoAck;

    /// <summary>basic.get on an empty queue.</summary>
    public long GotEmpty { get; init; }

    /// <summary>Deliveries with the redelivered flag.</summary>
    public long Redelivered { get; init; }

    public long Acked { get; init; }

    /// <summary>Messages whose time to live was over.</summary>
    public long Expired { get; init; }

    /// <summary>Messages that made room for others in a queue at its limit.</summary>
    public long DroppedByLength { get; init; }

    /// <summary>Messages that a queue at its limit refused.</summary>
    public long RefusedByLength { get; init; }

    /// <summary>Messages given back more often than they may be.</summary>
    public long DroppedByDeliveries { get; init; }

    /// <summary>Messages that went on to other queues.</summary>
    public long DeadLettered { get; init; }

    /// <summary>basic.reject and basic.nack, with or without requeue.</summary>
    public long Rejected { get; init; }
}
