namespace Levada.Protocol;

/// <summary>The channel is transactional (spec 1.9.2.2).</summary>
public readonly record struct TxSelectOk : IMethod<TxSelectOk>
{
    public static uint Id => MethodId.TxSelectOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxSelectOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
