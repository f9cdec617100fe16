namespace Levada.Protocol;

/// <summary>The other side agrees; the number is free now (spec 1.5.2.6).</summary>
public readonly record struct ChannelCloseOk : IMethod<ChannelCloseOk>
{
    public static uint Id => MethodId.ChannelCloseOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelCloseOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
