namespace Levada.Amqp;

/// <summary>What a connection has done since it was accepted. Written by its connection, read by anyone.</summary>
public sealed class MessageCounters
{
    public long Published { get; internal set; }

    /// <summary>Mandatory or immediate ones given back to their publisher.</summary>
    public long Returned { get; internal set; }

    /// <summary>Those that found no queue and nobody asked to have back.</summary>
    public long DroppedUnroutable { get; internal set; }

    /// <summary>Refused with basic.nack.</summary>
    public long Nacked { get; internal set; }

    public long Confirmed { get; internal set; }

    public long Acknowledged { get; internal set; }

    public long Rejected { get; internal set; }

    public long BytesReceived { get; internal set; }

    public long BytesSent { get; internal set; }

    public long Reads { get; internal set; }

    public long Sends { get; internal set; }

    public void Add(MessageCounters other)
    {
        Published += other.Published;
        Returned += other.Returned;
        DroppedUnroutable += other.DroppedUnroutable;
        Nacked += other.Nacked;
        Confirmed += other.Confirmed;
        Acknowledged += other.Acknowledged;
        Rejected += other.Rejected;
        BytesReceived += other.BytesReceived;
        BytesSent += other.BytesSent;
        Reads += other.Reads;
        Sends += other.Sends;
    }
}
