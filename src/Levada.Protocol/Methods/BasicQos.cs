namespace Levada.Protocol;

/// <summary>
/// Limits unacknowledged messages: per new consumer, or for the whole channel if global (spec 1.8.3.1 as
/// RabbitMQ reads it).
/// </summary>
/// <param name="PrefetchSize">Octets; only 0 is served.</param>
/// <param name="PrefetchCount">0 is no limit.</param>
public readonly record struct BasicQos(
    uint PrefetchSize, ushort PrefetchCount, bool Global = false)
    : IMethod<BasicQos>
{
    public static uint Id => MethodId.BasicQos;

    public int Size => 7;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U32(PrefetchSize);
        writer.U16(PrefetchCount);
        writer.Bits(Global);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicQos method)
    {
        var reader = new AmqpReader(args);
        method = new BasicQos(reader.U32(), reader.U16(), reader.Bit());
        return reader.AtEnd;
    }
}
