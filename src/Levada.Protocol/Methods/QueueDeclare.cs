namespace Levada.Protocol;

/// <summary>
/// Creates a queue, or checks that it is there; an empty name asks the server for one (spec 1.7.2.1).
/// </summary>
public readonly record struct QueueDeclare(
    string Queue, bool Passive = false, bool Durable = false, bool Exclusive = false, bool AutoDelete = false,
    bool NoWait = false, FieldTable? Arguments = null)
    : IMethod<QueueDeclare>
{
    public static uint Id => MethodId.QueueDeclare;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size => 7 + AmqpWriter.ShortStringSize(Queue) + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.Bits(Passive, Durable, Exclusive, AutoDelete, NoWait);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueDeclare method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new QueueDeclare(
            reader.ShortText(), reader.Bit(), reader.Bit(), reader.Bit(), reader.Bit(), reader.Bit(),
            reader.Table());
        return reader.AtEnd;
    }
}
