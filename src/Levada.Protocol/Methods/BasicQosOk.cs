namespace Levada.Protocol;

/// <summary>The limit is in force (spec 1.8.3.2).</summary>
public readonly record struct BasicQosOk : IMethod<BasicQosOk>
{
    public static uint Id => MethodId.BasicQosOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicQosOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
