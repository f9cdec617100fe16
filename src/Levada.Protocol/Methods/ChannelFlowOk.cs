namespace Levada.Protocol;

/// <summary>The answer to a flow request (spec 1.5.2.4).</summary>
public readonly record struct ChannelFlowOk(bool Active) : IMethod<ChannelFlowOk>
{
    public static uint Id => MethodId.ChannelFlowOk;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Bits(Active);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelFlowOk method)
    {
        var reader = new AmqpReader(args);
        method = new ChannelFlowOk(reader.Bit());
        return reader.AtEnd;
    }
}
