namespace Levada.Protocol;

/// <summary>Removes a binding between exchanges (RabbitMQ extension).</summary>
public readonly record struct ExchangeUnbind(
    string Destination, string Source, string RoutingKey, bool NoWait = false, FieldTable? Arguments = null)
    : IMethod<ExchangeUnbind>
{
    public static uint Id => MethodId.ExchangeUnbind;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size =>
        7 + AmqpWriter.ShortStringSize(Destination) + AmqpWriter.ShortStringSize(Source)
        + AmqpWriter.ShortStringSize(RoutingKey) + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Destination);
        writer.ShortString(Source);
        writer.ShortString(RoutingKey);
        writer.Bits(NoWait);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeUnbind method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new ExchangeUnbind(
            reader.ShortText(), reader.ShortText(), reader.ShortText(), reader.Bit(), reader.Table());
        return reader.AtEnd;
    }
}
