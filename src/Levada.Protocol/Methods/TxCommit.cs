namespace Levada.Protocol;

/// <summary>Commits publishes and settlements since the last commit (spec 1.9.2.3).</summary>
public readonly record struct TxCommit : IMethod<TxCommit>
{
    public static uint Id => MethodId.TxCommit;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxCommit method)
    {
        method = default;
        return args.IsEmpty;
    }
}
