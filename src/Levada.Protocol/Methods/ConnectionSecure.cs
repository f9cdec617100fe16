namespace Levada.Protocol;

/// <summary>Server to client: another challenge of the login (spec 1.4.2.3).</summary>
public readonly record struct ConnectionSecure(byte[] Challenge) : IMethod<ConnectionSecure>
{
    public static uint Id => MethodId.ConnectionSecure;

    public int Size => 4 + Challenge.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.LongString(Challenge);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionSecure method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionSecure(reader.LongString().ToArray());
        return reader.AtEnd;
    }
}
