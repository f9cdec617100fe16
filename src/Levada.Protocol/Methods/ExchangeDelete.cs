namespace Levada.Protocol;

/// <summary>Deletes an exchange (spec 1.6.2.3).</summary>
public readonly record struct ExchangeDelete(
    string Exchange, bool IfUnused = false, bool NoWait = false)
    : IMethod<ExchangeDelete>
{
    public static uint Id => MethodId.ExchangeDelete;

    public int Size => 3 + AmqpWriter.ShortStringSize(Exchange);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Exchange);
        writer.Bits(IfUnused, NoWait);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeDelete method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new ExchangeDelete(reader.ShortText(), reader.Bit(), reader.Bit());
        return reader.AtEnd;
    }
}
