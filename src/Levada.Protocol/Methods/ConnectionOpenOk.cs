namespace Levada.Protocol;

/// <summary>Server to client: the connection is ready (spec 1.4.2.8).</summary>
public readonly record struct ConnectionOpenOk : IMethod<ConnectionOpenOk>
{
    public static uint Id => MethodId.ConnectionOpenOk;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U8(0);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionOpenOk method)
    {
        var reader = new AmqpReader(args);
        reader.ShortString();
        method = default;
        return reader.AtEnd;
    }
}
