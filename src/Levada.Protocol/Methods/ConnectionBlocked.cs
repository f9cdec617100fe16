namespace Levada.Protocol;

/// <summary>Server to client: publishes are not read for now (RabbitMQ extension).</summary>
public readonly record struct ConnectionBlocked(string Reason) : IMethod<ConnectionBlocked>
{
    public static uint Id => MethodId.ConnectionBlocked;

    public int Size => AmqpWriter.ShortStringSize(Reason);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(Reason);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionBlocked method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionBlocked(reader.ShortText());
        return reader.AtEnd;
    }
}
