namespace Levada.Protocol;

/// <summary>The queue is gone, with this many ready messages (spec 1.7.2.10).</summary>
public readonly record struct QueueDeleteOk(uint MessageCount) : IMethod<QueueDeleteOk>
{
    public static uint Id => MethodId.QueueDeleteOk;

    public int Size => 4;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U32(MessageCount);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueDeleteOk method)
    {
        var reader = new AmqpReader(args);
        method = new QueueDeleteOk(reader.U32());
        return reader.AtEnd;
    }
}
