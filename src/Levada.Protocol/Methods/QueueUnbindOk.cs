namespace Levada.Protocol;

/// <summary>The binding is gone (spec 1.7.2.6).</summary>
public readonly record struct QueueUnbindOk : IMethod<QueueUnbindOk>
{
    public static uint Id => MethodId.QueueUnbindOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueUnbindOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
