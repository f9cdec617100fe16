namespace Levada.Protocol;

/// <summary>Client to server: use this channel number from now on (spec 1.5.2.1).</summary>
public readonly record struct ChannelOpen : IMethod<ChannelOpen>
{
    public static uint Id => MethodId.ChannelOpen;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U8(0);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ChannelOpen method)
    {
        var reader = new AmqpReader(args);
        reader.ShortString();
        method = default;
        return reader.AtEnd;
    }
}
