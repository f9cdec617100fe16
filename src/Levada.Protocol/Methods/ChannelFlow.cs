namespace Levada.Protocol;

/// <summary>Either side asks the other to pause or resume content (spec 1.5.2.3).</summary>
public readonly record struct ChannelFlow(bool Active) : IMethod<ChannelFlow>
{
    public static uint Id => MethodId.ChannelFlow;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Bits(Active);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelFlow method)
    {
        var reader = new AmqpReader(args);
        method = new ChannelFlow(reader.Bit());
        return reader.AtEnd;
    }
}
