namespace Levada.Protocol;

/// <summary>The consumer is gone (spec 1.8.3.6).</summary>
public readonly record struct BasicCancelOk(string ConsumerTag) : IMethod<BasicCancelOk>
{
    public static uint Id => MethodId.BasicCancelOk;

    public int Size => AmqpWriter.ShortStringSize(ConsumerTag);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(ConsumerTag);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicCancelOk method)
    {
        var reader = new AmqpReader(args);
        method = new BasicCancelOk(reader.ShortText());
        return reader.AtEnd;
    }
}
