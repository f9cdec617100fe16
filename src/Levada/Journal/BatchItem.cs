using Levada.Queues;

namespace Levada.Journal;

/// <summary>What one entry of a batch asks for.</summary>
internal enum BatchItemKind : byte
{
    /// <summary>Enqueue the message at Offset.</summary>
    Publish,

    /// <summary>The same for a message with delivery mode 2.</summary>
    PublishPersistent,

    /// <summary>One more queue for the message of the entry before.</summary>
    PublishAlso,

    /// <summary>Acknowledged.</summary>
    Settle,

    /// <summary>Rejected for good.</summary>
    Reject,

    /// <summary>Back to the queue: the client gave it back.</summary>
    Requeue,

    /// <summary>Back to the queue because its channel ended: no failed attempt.</summary>
    Release,
}

/// <summary>One entry of a batch.</summary>
internal struct BatchItem
{
    public Queue Queue;
    public Consumer? Consumer;

    /// <summary>
    /// The message's number in its queue; of a publish its number in its channel, 0 without confirms.
    /// </summary>
    public ulong Sequence;
    public int Offset;
    public int Length;
    public BatchItemKind Kind;

    /// <summary>Of a publish: its channel.</summary>
    public ushort Channel;
}
