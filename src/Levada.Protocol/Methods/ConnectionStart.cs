namespace Levada.Protocol;

/// <summary>Server to client, the first method: what it is and how to log in (spec 1.4.2.1).</summary>
/// <param name="Mechanisms">Separated by spaces.</param>
/// <param name="Locales">Separated by spaces.</param>
public readonly record struct ConnectionStart(
    byte VersionMajor, byte VersionMinor, FieldTable? ServerProperties, string Mechanisms, string Locales)
    : IMethod<ConnectionStart>
{
    public static uint Id => MethodId.ConnectionStart;

    public FieldTable ServerProperties { get; } = ServerProperties ?? FieldTable.Empty;

    public int Size =>
        6 + ServerProperties.EncodedLength + AmqpWriter.LongStringSize(Mechanisms)
        + AmqpWriter.LongStringSize(Locales);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U8(VersionMajor);
        writer.U8(VersionMinor);
        writer.Table(ServerProperties);
        writer.LongString(Mechanisms);
        writer.LongString(Locales);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionStart method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionStart(reader.U8(), reader.U8(), reader.Table(), reader.LongText(), reader.LongText());
        return reader.AtEnd;
    }
}
