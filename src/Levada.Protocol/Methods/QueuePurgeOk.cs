namespace Levada.Protocol;

/// <summary>The ready messages are gone (spec 1.7.2.8).</summary>
public readonly record struct QueuePurgeOk(uint MessageCount) : IMethod<QueuePurgeOk>
{
    public static uint Id => MethodId.QueuePurgeOk;

    public int Size => 4;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U32(MessageCount);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueuePurgeOk method)
    {
        var reader = new AmqpReader(args);
        method = new QueuePurgeOk(reader.U32());
        return reader.AtEnd;
    }
}
