using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>
/// Acknowledges messages; from the server, confirms publishes (spec 1.8.3.13 and RabbitMQ's confirms).
/// </summary>
/// <param name="DeliveryTag">0 with multiple is everything so far.</param>
public readonly record struct BasicAck(ulong DeliveryTag, bool Multiple = false) : IMethod<BasicAck>
{
    private const int Length = 9;

    public static uint Id => MethodId.BasicAck;

    public int Size => Length;

    public int Write(Span<byte> destination)
    {
        destination[8] = Multiple ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64BigEndian(destination, DeliveryTag);
        return Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> args, out BasicAck method)
    {
        var whole = args.Length == Length;
        method = whole ? new BasicAck(BinaryPrimitives.ReadUInt64BigEndian(args), (args[8] & 1) != 0) : default;
        return whole;
    }
}
