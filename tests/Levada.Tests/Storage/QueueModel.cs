namespace Levada.Tests.Storage;

/// <summary>A queue as a list: slow, and plainly right.</summary>
internal sealed class QueueModel(ulong id, bool durable)
{
    public ulong Id { get; } = id;

    public bool Durable { get; } = durable;

    public SortedDictionary<ulong, ModelMessage> Messages { get; } = [];

    public IEnumerable<ModelMessage> Ready => Messages.Values.Where(message => !message.IsUnacked);

    public IEnumerable<ModelMessage> Unacked => Messages.Values.Where(message => message.IsUnacked);
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
