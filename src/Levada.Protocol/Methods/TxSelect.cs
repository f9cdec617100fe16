namespace Levada.Protocol;

/// <summary>Makes the channel transactional (spec 1.9.2.1).</summary>
public readonly record struct TxSelect : IMethod<TxSelect>
{
    public static uint Id => MethodId.TxSelect;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out TxSelect method)
    {
        method = default;
        return args.IsEmpty;
    }
}
