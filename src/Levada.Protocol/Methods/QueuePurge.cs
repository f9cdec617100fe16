namespace Levada.Protocol;

/// <summary>Removes the ready messages of a queue (spec 1.7.2.7).</summary>
public readonly record struct QueuePurge(string Queue, bool NoWait = false) : IMethod<QueuePurge>
{
    public static uint Id => MethodId.QueuePurge;

    public int Size => 3 + AmqpWriter.ShortStringSize(Queue);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.Bits(NoWait);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueuePurge method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new QueuePurge(reader.ShortText(), reader.Bit());
        return reader.AtEnd;
    }
}
