namespace Levada.Protocol;

/// <summary>Redelivers what is unacknowledged (spec 1.8.3.16).</summary>
public readonly record struct BasicRecover(bool Requeue) : IMethod<BasicRecover>
{
    public static uint Id => MethodId.BasicRecover;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Bits(Requeue);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicRecover method)
    {
        var reader = new AmqpReader(args);
        method = new BasicRecover(reader.Bit());
        return reader.AtEnd;
    }
}
