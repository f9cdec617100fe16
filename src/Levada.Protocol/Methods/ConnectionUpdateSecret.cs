namespace Levada.Protocol;

/// <summary>Client to server: fresh credentials for the running connection (RabbitMQ extension).</summary>
public readonly record struct ConnectionUpdateSecret(
    byte[] NewSecret, string Reason)
    : IMethod<ConnectionUpdateSecret>
{
    public static uint Id => MethodId.ConnectionUpdateSecret;

    public int Size => 4 + NewSecret.Length + AmqpWriter.ShortStringSize(Reason);

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.LongString(NewSecret);
        writer.ShortString(Reason);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConnectionUpdateSecret method)
    {
        var reader = new AmqpReader(args);
        method = new ConnectionUpdateSecret(reader.LongString().ToArray(), reader.ShortText());
        return reader.AtEnd;
    }
}
