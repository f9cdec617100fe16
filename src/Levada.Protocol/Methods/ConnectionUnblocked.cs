namespace Levada.Protocol;

/// <summary>Server to client: publishes are read again (RabbitMQ extension).</summary>
public readonly record struct ConnectionUnblocked : IMethod<ConnectionUnblocked>
{
    public static uint Id => MethodId.ConnectionUnblocked;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionUnblocked method)
    {
        method = default;
        return args.IsEmpty;
    }
}
