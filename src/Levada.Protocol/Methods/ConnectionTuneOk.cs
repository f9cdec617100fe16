namespace Levada.Protocol;

/// <summary>Client to server: the limits it has chosen (spec 1.4.2.6).</summary>
/// <param name="ChannelMax">0 is no limit.</param>
/// <param name="FrameMax">Octets of a whole frame; 0 is no limit.</param>
/// <param name="Heartbeat">Seconds; 0 is off.</param>
public readonly record struct ConnectionTuneOk(
    ushort ChannelMax, uint FrameMax, ushort Heartbeat)
    : IMethod<ConnectionTuneOk>
{
    public static uint Id => MethodId.ConnectionTuneOk;

    public int Size => 8;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(ChannelMax);
        writer.U32(FrameMax);
        writer.U16(Heartbeat);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionTuneOk method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionTuneOk(reader.U16(), reader.U32(), reader.U16());
        return reader.AtEnd;
    }
}
