namespace Levada.Protocol;

/// <summary>
/// Creates an exchange, or checks that it is there (spec 1.6.2.1; internal and auto-delete as in RabbitMQ).
/// </summary>
public readonly record struct ExchangeDeclare(
    string Exchange, string Type, bool Passive = false, bool Durable = false, bool AutoDelete = false, bool
    Internal = false, bool NoWait = false, FieldTable? Arguments = null)
    : IMethod<ExchangeDeclare>
{
    public static uint Id => MethodId.ExchangeDeclare;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size =>
        7 + AmqpWriter.ShortStringSize(Exchange) + AmqpWriter.ShortStringSize(Type) + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Exchange);
        writer.ShortString(Type);
        writer.Bits(Passive, Durable, AutoDelete, Internal, NoWait);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeDeclare method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new ExchangeDeclare(
            reader.ShortText(), reader.ShortText(), reader.Bit(), reader.Bit(), reader.Bit(), reader.Bit(),
            reader.Bit(), reader.Table());
        return reader.AtEnd;
    }
}
