namespace Levada.Protocol;

/// <summary>Client to server: the virtual host it wants to work in (spec 1.4.2.7).</summary>
public readonly record struct ConnectionOpen(string VirtualHost) : IMethod<ConnectionOpen>
{
    public static uint Id => MethodId.ConnectionOpen;

    public int Size => 2 + AmqpWriter.ShortStringSize(VirtualHost);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(VirtualHost);
        writer.U8(0);
        writer.Bits(false);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionOpen method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionOpen(reader.ShortText());
        reader.ShortString();
        reader.Bit();
        return reader.AtEnd;
    }
}
