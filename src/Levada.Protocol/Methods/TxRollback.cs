namespace Levada.Protocol;

/// <summary>Drops publishes and settlements since the last commit (spec 1.9.2.5).</summary>
public readonly record struct TxRollback : IMethod<TxRollback>
{
    public static uint Id => MethodId.TxRollback;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxRollback method)
    {
        method = default;
        return args.IsEmpty;
    }
}
