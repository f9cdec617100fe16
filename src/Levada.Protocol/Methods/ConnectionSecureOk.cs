namespace Levada.Protocol;

/// <summary>Client to server: the answer to a challenge (spec 1.4.2.4).</summary>
public readonly record struct ConnectionSecureOk(byte[] Response) : IMethod<ConnectionSecureOk>
{
    public static uint Id => MethodId.ConnectionSecureOk;

    public int Size => 4 + Response.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.LongString(Response);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionSecureOk method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionSecureOk(reader.LongString().ToArray());
        return reader.AtEnd;
    }
}
