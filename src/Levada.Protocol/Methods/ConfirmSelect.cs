namespace Levada.Protocol;

/// <summary>Turns publisher confirms on for the channel (RabbitMQ extension).</summary>
public readonly record struct ConfirmSelect(bool NoWait = false) : IMethod<ConfirmSelect>
{
    public static uint Id => MethodId.ConfirmSelect;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.Bits(NoWait);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out ConfirmSelect method)
    {
        var reader = new AmqpReader(args);
        method = new ConfirmSelect(reader.Bit());
        return reader.AtEnd;
    }
}
