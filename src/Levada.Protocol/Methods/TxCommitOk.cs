namespace Levada.Protocol;

/// <summary>All of it is done (spec 1.9.2.4).</summary>
public readonly record struct TxCommitOk : IMethod<TxCommitOk>
{
    public static uint Id => MethodId.TxCommitOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxCommitOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
