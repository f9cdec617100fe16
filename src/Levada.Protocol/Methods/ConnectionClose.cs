namespace Levada.Protocol;

/// <summary>
/// Either side ends the connection; class and method id name the method that failed, or are 0 (spec 1.4.2.9).
/// </summary>
public readonly record struct ConnectionClose(
    ushort ReplyCode, string ReplyText, ushort ClassId, ushort MethodId)
    : IMethod<ConnectionClose>
{
    public static uint Id => Protocol.MethodId.ConnectionClose;

    public int Size => 6 + AmqpWriter.ShortStringSize(ReplyText);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(ReplyCode);
        writer.ShortString(ReplyText);
        writer.U16(ClassId);
        writer.U16(MethodId);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionClose method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionClose(reader.U16(), reader.ShortText(), reader.U16(), reader.U16());
        return reader.AtEnd;
    }
}
