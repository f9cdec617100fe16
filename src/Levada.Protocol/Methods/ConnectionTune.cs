namespace Levada.Protocol;

/// <summary>Server to client: the limits it proposes (spec 1.4.2.5).</summary>
/// <param name="ChannelMax">0 is no limit.</param>
/// <param name="FrameMax">Octets of a whole frame; 0 is no limit.</param>
/// <param name="Heartbeat">Seconds; 0 is off.</param>
public readonly record struct ConnectionTune(
    ushort ChannelMax, uint FrameMax, ushort Heartbeat)
    : IMethod<ConnectionTune>
{
    public static uint Id => MethodId.ConnectionTune;

    public int Size => 8;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(ChannelMax);
        writer.U32(FrameMax);
        writer.U16(Heartbeat);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionTune method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionTune(reader.U16(), reader.U32(), reader.U16());
        return reader.AtEnd;
    }
}
