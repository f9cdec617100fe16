namespace Levada.Protocol;

/// <summary>The queue is bound (spec 1.7.2.4).</summary>
public readonly record struct QueueBindOk : IMethod<QueueBindOk>
{
    public static uint Id => MethodId.QueueBindOk;

    public int Size => 0;

    public int Write(Span<byte> destination) => 0;

    public static bool TryRead(ReadOnlySpan<byte> args, out QueueBindOk method)
    {
        method = default;
        return args.IsEmpty;
    }
}
