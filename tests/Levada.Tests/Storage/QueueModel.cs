namespace Levada.Tests.Storage;

/// <summary>A queue as a list: slow, and plainly right.</summary>
internal sealed class QueueModel(ulong id, bool durable)
{
    public ulong Id { get; } = id;

    public bool Durable { get; } = durable;

    /// <summary>Every other queue has priorities.</summary>
    public int Priorities => Id % 2 == 0 ? 4 : 1;

    /// <summary>In the order in which they are handed out.</summary>
    public SortedDictionary<ulong, ModelMessage> Messages { get; } = new(new ByPriority());

    public IEnumerable<ModelMessage> Ready => Messages.Values.Where(message => !message.IsUnacked);

    public IEnumerable<ModelMessage> Unacked => Messages.Values.Where(message => message.IsUnacked);

    // The highest byte of a sequence is the priority.
    private sealed class ByPriority : IComparer<ulong>
    {
        public int Compare(ulong x, ulong y) => x >> 56 == y >> 56 ? x.CompareTo(y) : (y >> 56).CompareTo(x >> 56);
    }
}

internal sealed record ModelMessage(ulong Sequence, int Number, int BodyBytes, bool IsDurable)
{
    public bool IsUnacked { get; set; }

    public bool IsRedelivered { get; set; }

    public int DeliveryCount { get; set; }

    /// <summary>The file that its body is; null if it is in the message.</summary>
    public ulong? BodyNumber { get; init; }

    public byte[] Bytes => BodyNumber is { } body
        ? StoreUnderTest.MessageApart(Number, BodyBytes, body)
        : StoreUnderTest.Message(Number, BodyBytes);
}
