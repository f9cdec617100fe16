namespace Levada.Protocol;

/// <summary>
/// The binding is gone (RabbitMQ extension; the number is 51, not 41, by an old slip every client copied).
/// </summary>
public readonly record struct ExchangeUnbindOk : IMethod<ExchangeUnbindOk>
{
    public static uint Id => MethodId.ExchangeUnbindOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ExchangeUnbindOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
