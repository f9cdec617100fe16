namespace Levada.Protocol;

/// <summary>Asks for one message of a queue (spec 1.8.3.10).</summary>
public readonly record struct BasicGet(string Queue, bool NoAck = false) : IMethod<BasicGet>
{
    public static uint Id => MethodId.BasicGet;

    public int Size => 3 + AmqpWriter.ShortStringSize(Queue);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.Bits(NoAck);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicGet method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new BasicGet(reader.ShortText(), reader.Bit());
        return reader.AtEnd;
    }
}
