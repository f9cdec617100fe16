namespace Levada.Protocol;

/// <summary>Recovering is done (spec 1.8.3.17).</summary>
public readonly record struct BasicRecoverOk : IMethod<BasicRecoverOk>
{
    public static uint Id => MethodId.BasicRecoverOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicRecoverOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
