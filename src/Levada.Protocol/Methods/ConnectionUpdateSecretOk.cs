namespace Levada.Protocol;

/// <summary>Server to client: the fresh credentials are in force (RabbitMQ extension).</summary>
public readonly record struct ConnectionUpdateSecretOk : IMethod<ConnectionUpdateSecretOk>
{
    public static uint Id => MethodId.ConnectionUpdateSecretOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionUpdateSecretOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
