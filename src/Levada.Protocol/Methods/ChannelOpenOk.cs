namespace Levada.Protocol;

/// <summary>Server to client: the channel is ready (spec 1.5.2.2).</summary>
public readonly record struct ChannelOpenOk : IMethod<ChannelOpenOk>
{
    public static uint Id => MethodId.ChannelOpenOk;

    public int Size => 4;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U32(0);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelOpenOk method)
    {
        var reader = new AmqpReader(args);
        reader.LongString();
        method = default;
        return reader.AtEnd;
    }
}
