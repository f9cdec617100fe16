namespace Levada.Protocol;

/// <summary>
/// Brings the message that basic.get asked for; content header and body frames follow (spec 1.8.3.11).
/// </summary>
/// <param name="messageCount">Ready messages left in the queue.</param>
public readonly ref struct BasicGetOk(
    ulong deliveryTag, bool redelivered, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, uint messageCount)
    : IMethod<BasicGetOk>
{
    public static uint Id => MethodId.BasicGetOk;

    public ulong DeliveryTag { get; } = deliveryTag;

    public bool Redelivered { get; } = redelivered;

    public ReadOnlySpan<byte> Exchange { get; } = exchange;

    public ReadOnlySpan<byte> RoutingKey { get; } = routingKey;

    public uint MessageCount { get; } = messageCount;

    public int Size => 15 + Exchange.Length + RoutingKey.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U64(DeliveryTag);
        writer.Bits(Redelivered);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        writer.U32(MessageCount);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicGetOk method)
    {
        var reader = new AmqpReader(args);
        method = new BasicGetOk(
            reader.U64(), reader.Bit(), reader.ShortString(), reader.ShortString(), reader.U32());
        return reader.AtEnd;
    }
}
