namespace Levada.Protocol;

/// <summary>Deletes a queue (spec 1.7.2.9).</summary>
public readonly record struct QueueDelete(
    string Queue, bool IfUnused = false, bool IfEmpty = false, bool NoWait = false)
    : IMethod<QueueDelete>
{
    public static uint Id => MethodId.QueueDelete;

    public int Size => 3 + AmqpWriter.ShortStringSize(Queue);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.Bits(IfUnused, IfEmpty, NoWait);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueDelete method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new QueueDelete(reader.ShortText(), reader.Bit(), reader.Bit(), reader.Bit());
        return reader.AtEnd;
    }
}
