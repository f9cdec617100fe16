namespace Levada.Protocol;

/// <summary>Binds a queue to an exchange (spec 1.7.2.3).</summary>
public readonly record struct QueueBind(
    string Queue, string Exchange, string RoutingKey, bool NoWait = false, FieldTable? Arguments = null)
    : IMethod<QueueBind>
{
    public static uint Id => MethodId.QueueBind;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size =>
        7 + AmqpWriter.ShortStringSize(Queue) + AmqpWriter.ShortStringSize(Exchange)
        + AmqpWriter.ShortStringSize(RoutingKey) + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        writer.Bits(NoWait);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueBind method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new QueueBind(
            reader.ShortText(), reader.ShortText(), reader.ShortText(), reader.Bit(), reader.Table());
        return reader.AtEnd;
    }
}
