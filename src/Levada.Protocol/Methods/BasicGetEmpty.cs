namespace Levada.Protocol;

/// <summary>The queue has no ready message (spec 1.8.3.12).</summary>
public readonly record struct BasicGetEmpty : IMethod<BasicGetEmpty>
{
    public static uint Id => MethodId.BasicGetEmpty;

    public int Size => 1;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U8(0);
        return writer.Position;
    }

    public static bool TryRead(ReadOnlySpan<byte> args, out BasicGetEmpty method)
    {
        var reader = new AmqpReader(args);
        reader.ShortString();
        method = default;
        return reader.AtEnd;
    }
}
