namespace Levada.Protocol;

/// <summary>Client to server: what it is, and its credentials (spec 1.4.2.2).</summary>
/// <param name="Response">As the mechanism defines it.</param>
public readonly record struct ConnectionStartOk(
    FieldTable? ClientProperties, string Mechanism, byte[] Response, string Locale)
    : IMethod<ConnectionStartOk>
{
    public static uint Id => MethodId.ConnectionStartOk;

    public FieldTable ClientProperties { get; } = ClientProperties ?? FieldTable.Empty;

    public int Size =>
        8 + ClientProperties.EncodedLength + AmqpWriter.ShortStringSize(Mechanism) + Response.Length
        + AmqpWriter.ShortStringSize(Locale);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Table(ClientProperties);
        writer.ShortString(Mechanism);
        writer.LongString(Response);
        writer.ShortString(Locale);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionStartOk method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionStartOk(
            reader.Table(), reader.ShortText(), reader.LongString().ToArray(), reader.ShortText());
        return reader.AtEnd;
    }
}
