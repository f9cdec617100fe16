namespace Levada.Protocol;

/// <summary>The exchange is gone (spec 1.6.2.4).</summary>
public readonly record struct ExchangeDeleteOk : IMethod<ExchangeDeleteOk>
{
    public static uint Id => MethodId.ExchangeDeleteOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeDeleteOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
