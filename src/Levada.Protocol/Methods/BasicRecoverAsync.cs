namespace Levada.Protocol;

/// <summary>Redelivers what is unacknowledged, without an answer (spec 1.8.3.15, deprecated).</summary>
public readonly record struct BasicRecoverAsync(bool Requeue) : IMethod<BasicRecoverAsync>
{
    public static uint Id => MethodId.BasicRecoverAsync;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Bits(Requeue);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicRecoverAsync method)
    {
        var reader = new AmqpReader(args);
        method = new BasicRecoverAsync(reader.Bit());
        return reader.AtEnd;
    }
}
