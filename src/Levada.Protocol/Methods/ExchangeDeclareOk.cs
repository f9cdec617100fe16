namespace Levada.Protocol;

/// <summary>The exchange is there (spec 1.6.2.2).</summary>
public readonly record struct ExchangeDeclareOk : IMethod<ExchangeDeclareOk>
{
    public static uint Id => MethodId.ExchangeDeclareOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeDeclareOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
