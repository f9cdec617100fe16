using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>
/// Brings a message to a consumer; content header and body frames follow (spec 1.8.3.9). Names stay octets.
/// </summary>
public readonly ref struct BasicDeliver(
    ReadOnlySpan<byte> consumerTag, ulong deliveryTag, bool redelivered,
    ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey)
    : IMethod<BasicDeliver>
{
    public static uint Id => MethodId.BasicDeliver;

    public ReadOnlySpan<byte> ConsumerTag { get; } = consumerTag;

    public ulong DeliveryTag { get; } = deliveryTag;

    public bool Redelivered { get; } = redelivered;

    public ReadOnlySpan<byte> Exchange { get; } = exchange;

    public ReadOnlySpan<byte> RoutingKey { get; } = routingKey;

    public int Size => 12 + ConsumerTag.Length + Exchange.Length + RoutingKey.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.ShortString(ConsumerTag);
        writer.U64(DeliveryTag);
        writer.Bits(Redelivered);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        return writer.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> args, out BasicDeliver method)
    {
        // tag, delivery tag (8), redelivered (1), exchange, routing key: as in BasicPublish.
        if (args.Length >= 12)
        {
            var deliveryTagAt = 1 + args[0];
            var exchangeAt = deliveryTagAt + 9;
            if (exchangeAt < args.Length)
            {
                var keyAt = exchangeAt + 1 + args[exchangeAt];
                if (keyAt < args.Length && keyAt + 1 + args[keyAt] == args.Length)
                {
                    method = new BasicDeliver(
                        args[1..deliveryTagAt],
                        BinaryPrimitives.ReadUInt64BigEndian(args[deliveryTagAt..]),
                        (args[deliveryTagAt + 8] & 1) != 0,
                        args[(exchangeAt + 1)..keyAt],
                        args[(keyAt + 1)..]);
                    return true;
                }
            }
        }
        method = default;
        return false;
    }
}
