namespace Levada.Protocol;

/// <summary>Refuses one message (spec 1.8.3.14).</summary>
public readonly record struct BasicReject(ulong DeliveryTag, bool Requeue) : IMethod<BasicReject>
{
    public static uint Id => MethodId.BasicReject;

    public int Size => 9;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U64(DeliveryTag);
        writer.Bits(Requeue);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicReject method)
    {
        var reader = new AmqpReader(args);
        method = new BasicReject(reader.U64(), reader.Bit());
        return reader.AtEnd;
    }
}
