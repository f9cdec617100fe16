namespace Levada.Protocol;

/// <summary>The queue is there; counts at that moment (spec 1.7.2.2).</summary>
/// <param name="MessageCount">Ready ones.</param>
public readonly record struct QueueDeclareOk(
    string Queue, uint MessageCount, uint ConsumerCount)
    : IMethod<QueueDeclareOk>
{
    public static uint Id => MethodId.QueueDeclareOk;

    public int Size => 8 + AmqpWriter.ShortStringSize(Queue);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(Queue);
        writer.U32(MessageCount);
        writer.U32(ConsumerCount);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueDeclareOk method)
    {
        var reader = new AmqpReader(args);
        method = new QueueDeclareOk(reader.ShortText(), reader.U32(), reader.U32());
        return reader.AtEnd;
    }
}
