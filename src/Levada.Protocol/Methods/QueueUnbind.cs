namespace Levada.Protocol;

/// <summary>Removes a binding of a queue (spec 1.7.2.5).</summary>
public readonly record struct QueueUnbind(
    string Queue, string Exchange, string RoutingKey, FieldTable? Arguments = null)
    : IMethod<QueueUnbind>
{
    public static uint Id => MethodId.QueueUnbind;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size =>
        6 + AmqpWriter.ShortStringSize(Queue) + AmqpWriter.ShortStringSize(Exchange)
        + AmqpWriter.ShortStringSize(RoutingKey) + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueUnbind method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new QueueUnbind(reader.ShortText(), reader.ShortText(), reader.ShortText(), reader.Table());
        return reader.AtEnd;
    }
}
