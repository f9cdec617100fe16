namespace Levada.Protocol;

/// <summary>Publishes are confirmed from now on (RabbitMQ extension).</summary>
public readonly record struct ConfirmSelectOk : IMethod<ConfirmSelectOk>
{
    public static uint Id => MethodId.ConfirmSelectOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ConfirmSelectOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
