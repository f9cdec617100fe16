namespace Levada.Protocol;

/// <summary>Starts a consumer; an empty tag asks the server for one (spec 1.8.3.3).</summary>
public readonly record struct BasicConsume(
    string Queue, string ConsumerTag, bool NoLocal = false, bool NoAck = false, bool Exclusive = false, bool
    NoWait = false, FieldTable? Arguments = null)
    : IMethod<BasicConsume>
{
    public static uint Id => MethodId.BasicConsume;

    public FieldTable Arguments { get; } = Arguments ?? FieldTable.Empty;

    public int Size =>
        7 + AmqpWriter.ShortStringSize(Queue) + AmqpWriter.ShortStringSize(ConsumerTag)
        + Arguments.EncodedLength;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Queue);
        writer.ShortString(ConsumerTag);
        writer.Bits(NoLocal, NoAck, Exclusive, NoWait);
        writer.Table(Arguments);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicConsume method)
    {
        var reader = new AmqpReader(args);
        reader.U16();
        method = new BasicConsume(
            reader.ShortText(), reader.ShortText(), reader.Bit(), reader.Bit(), reader.Bit(), reader.Bit(),
            reader.Table());
        return reader.AtEnd;
    }
}
