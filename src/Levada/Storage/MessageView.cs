namespace Levada.Storage;

/// <summary>A message as <see cref="QueueMessages.Peek"/> shows it. Valid until the turn ends.</summary>
public readonly ref struct MessageView
{
    internal MessageView(ulong sequence, ReadOnlySpan<byte> bytes, bool redelivered, int deliveryCount)
    {
        Sequence = sequence;
        Bytes = bytes;
        Redelivered = redelivered;
        DeliveryCount = deliveryCount;
    }

    /// <summary>The message's number in its queue.</summary>
    public ulong Sequence { get; }

    /// <summary>The message in its stored layout.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>True if it may have been handed out before.</summary>
    public bool Redelivered { get; }

    /// <summary>How many earlier attempts were counted.</summary>
    public int DeliveryCount { get; }
}
