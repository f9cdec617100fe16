using Levada.Accounting;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// What a connection has done since it was accepted, or a channel since it was opened. Plain fields: what comes in
/// belongs to the connection's turn, what goes out (from <see cref="Confirmed"/> on) to the outbox lock. Anyone may
/// read: each figure is right, together they may be of slightly different moments.
/// </summary>
public sealed class MessageCounters
{
    public long Published { get; internal set; }

    /// <summary>Mandatory or immediate ones given back to their publisher.</summary>
    public long Returned { get; internal set; }

    /// <summary>Those that found no queue and nobody asked to have back.</summary>
    public long DroppedUnroutable { get; internal set; }

    /// <summary>Left out by an exchange, as one like it had come before.</summary>
    public long Deduplicated { get; internal set; }

    /// <summary>Refused with basic.nack.</summary>
    public long Nacked { get; internal set; }

    public long Acknowledged { get; internal set; }

    /// <summary>basic.reject and basic.nack without requeue.</summary>
    public long Rejected { get; internal set; }

    /// <summary>basic.reject and basic.nack with requeue.</summary>
    public long Requeued { get; internal set; }

    /// <summary>basic.get on an empty queue.</summary>
    public long GotEmpty { get; internal set; }

    public long BytesReceived { get; internal set; }

    public long FramesReceived { get; internal set; }

    /// <summary>Receive calls that got bytes; of a connection only.</summary>
    public long Reads { get; internal set; }

    public long Confirmed { get; internal set; }

    /// <summary>To consumers that acknowledge.</summary>
    public long Delivered { get; internal set; }

    /// <summary>To consumers without acknowledgements; direct replies too.</summary>
    public long DeliveredNoAck { get; internal set; }

    /// <summary>By basic.get, to be acknowledged.</summary>
    public long Got { get; internal set; }

    public long GotNoAck { get; internal set; }

    /// <summary>Of those delivered or got: marked redelivered.</summary>
    public long Redelivered { get; internal set; }

    /// <summary>Handed to the socket; of a channel: written for it.</summary>
    public long BytesSent { get; internal set; }

    public long FramesSent { get; internal set; }

    /// <summary>Send calls; of a connection only.</summary>
    public long Sends { get; internal set; }

    /// <summary>Handed out in any way.</summary>
    public long HandedOut => Delivered + DeliveredNoAck + Got + GotNoAck;

    public void Add(MessageCounters other)
    {
        Published += other.Published;
        Returned += other.Returned;
        DroppedUnroutable += other.DroppedUnroutable;
        Deduplicated += other.Deduplicated;
        Nacked += other.Nacked;
        Acknowledged += other.Acknowledged;
        Rejected += other.Rejected;
        Requeued += other.Requeued;
        GotEmpty += other.GotEmpty;
        BytesReceived += other.BytesReceived;
        FramesReceived += other.FramesReceived;
        Reads += other.Reads;
        Confirmed += other.Confirmed;
        Delivered += other.Delivered;
        DeliveredNoAck += other.DeliveredNoAck;
        Got += other.Got;
        GotNoAck += other.GotNoAck;
        Redelivered += other.Redelivered;
        BytesSent += other.BytesSent;
        FramesSent += other.FramesSent;
        Sends += other.Sends;
    }

    internal static RateBase<MessageCounters> RateBase(long beganMs) =>
        new(new MessageCounters(), static counters => counters.Copy(), beganMs);

    /// <summary>The memory of what rates are counted from.</summary>
    internal static long BytesOf(RateBase<MessageCounters>? rates) => rates is null
        ? 0
        : ObjectSize.Of<RateBase<MessageCounters>>() + (ObjectSize.Of<MessageCounters>() * rates.Kept);

    /// <summary>The figures of this moment, which change no more.</summary>
    internal MessageCounters Copy()
    {
        var copy = new MessageCounters();
        copy.Add(this);
        return copy;
    }

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
