namespace Levada.Protocol;

/// <summary>They are dropped (spec 1.9.2.6).</summary>
public readonly record struct TxRollbackOk : IMethod<TxRollbackOk>
{
    public static uint Id => MethodId.TxRollbackOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxRollbackOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
