namespace Levada.Protocol;

/// <summary>
/// Gives a message back to its publisher, who asked for that with mandatory or immediate; content follows (spec
/// 1.8.3.8).
/// </summary>
public readonly ref struct BasicReturn(
    ushort replyCode, string replyText, ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey)
    : IMethod<BasicReturn>
{
    public static uint Id => MethodId.BasicReturn;

    public ushort ReplyCode { get; } = replyCode;

    public string ReplyText { get; } = replyText;

    public ReadOnlySpan<byte> Exchange { get; } = exchange;

    public ReadOnlySpan<byte> RoutingKey { get; } = routingKey;

    public int Size => 4 + AmqpWriter.ShortStringSize(ReplyText) + Exchange.Length + RoutingKey.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(ReplyCode);
        writer.ShortString(ReplyText);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicReturn method)
    {
        var reader = new AmqpReader(args);
        method = new BasicReturn(reader.U16(), reader.ShortText(), reader.ShortString(), reader.ShortString());
        return reader.AtEnd;
    }
}
