namespace Levada.Protocol;

/// <summary>The exchanges are bound (RabbitMQ extension).</summary>
public readonly record struct ExchangeBindOk : IMethod<ExchangeBindOk>
{
    public static uint Id => MethodId.ExchangeBindOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeBindOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
