namespace Levada.Protocol;

/// <summary>The consumer is there (spec 1.8.3.4).</summary>
public readonly record struct BasicConsumeOk(string ConsumerTag) : IMethod<BasicConsumeOk>
{
    public static uint Id => MethodId.BasicConsumeOk;

    public int Size => AmqpWriter.ShortStringSize(ConsumerTag);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(ConsumerTag);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicConsumeOk method)
    {
        var reader = new AmqpReader(args);
        method = new BasicConsumeOk(reader.ShortText());
        return reader.AtEnd;
    }
}
