namespace Levada.Protocol;

/// <summary>The other side agrees; the socket may go now (spec 1.4.2.10).</summary>
public readonly record struct ConnectionCloseOk : IMethod<ConnectionCloseOk>
{
    public static uint Id => MethodId.ConnectionCloseOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionCloseOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
