namespace Levada.Protocol;

/// <summary>
/// Either side ends the channel; class and method id name the method that failed, or are 0 (spec 1.5.2.5).
/// </summary>
public readonly record struct ChannelClose(
    ushort ReplyCode, string ReplyText, ushort ClassId, ushort MethodId)
    : IMethod<ChannelClose>
{
    public static uint Id => Protocol.MethodId.ChannelClose;

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

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelClose method)
    {
        var reader = new AmqpReader(args);
        method = new ChannelClose(reader.U16(), reader.ShortText(), reader.U16(), reader.U16());
        return reader.AtEnd;
    }
}
