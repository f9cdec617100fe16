namespace Levada.Protocol;

/// <summary>
/// Refuses messages; from the server, tells that publishes were not taken (RabbitMQ extension).
/// </summary>
public readonly record struct BasicNack(
    ulong DeliveryTag, bool Multiple = false, bool Requeue = false)
    : IMethod<BasicNack>
{
    public static uint Id => MethodId.BasicNack;

    public int Size => 9;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U64(DeliveryTag);
        writer.Bits(Multiple, Requeue);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicNack method)
    {
        var reader = new AmqpReader(args);
        method = new BasicNack(reader.U64(), reader.Bit(), reader.Bit());
        return reader.AtEnd;
    }
}
