namespace Levada.Protocol;

/// <summary>
/// Ends a consumer; from the server, tells that it has ended (spec 1.8.3.5 and RabbitMQ's cancel
/// notification).
/// </summary>
public readonly record struct BasicCancel(string ConsumerTag, bool NoWait = false) : IMethod<BasicCancel>
{
    public static uint Id => MethodId.BasicCancel;

    public int Size => 1 + AmqpWriter.ShortStringSize(ConsumerTag);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(ConsumerTag);
        writer.Bits(NoWait);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicCancel method)
    {
        var reader = new AmqpReader(args);
        method = new BasicCancel(reader.ShortText(), reader.Bit());
        return reader.AtEnd;
    }
}
