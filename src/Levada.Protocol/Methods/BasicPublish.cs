using System.Runtime.CompilerServices;

namespace Levada.Protocol;

/// <summary>
/// Sends a message to an exchange; content header and body frames follow (spec 1.8.3.7). Names stay octets.
/// </summary>
public readonly ref struct BasicPublish(
    ReadOnlySpan<byte> exchange, ReadOnlySpan<byte> routingKey, bool mandatory = false, bool immediate = false)
    : IMethod<BasicPublish>
{
    private readonly byte _bits = (byte)((mandatory ? 1 : 0) | (immediate ? 2 : 0));

    public static uint Id => MethodId.BasicPublish;

    public ReadOnlySpan<byte> Exchange { get; } = exchange;

    public ReadOnlySpan<byte> RoutingKey { get; } = routingKey;

    public bool Mandatory => (_bits & 1) != 0;

    public bool Immediate => (_bits & 2) != 0;

    public int Size => 5 + Exchange.Length + RoutingKey.Length;

    public int Write(Span<byte> destination)
    {
        var writer = new AmqpWriter(destination);
        writer.U16(0);
        writer.ShortString(Exchange);
        writer.ShortString(RoutingKey);
        writer.U8(_bits);
        return writer.Position;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> args, out BasicPublish method)
    {
        // reserved (2), exchange, routing key, bits: each length is checked once, by where the next field would lie.
        if (args.Length >= 5)
        {
            var keyAt = 3 + args[2];
            if (keyAt < args.Length)
            {
                var bitsAt = keyAt + 1 + args[keyAt];
                if (bitsAt == args.Length - 1)
                {
                    var bits = args[bitsAt];
                    method = new BasicPublish(
                        args[3..keyAt], args[(keyAt + 1)..bitsAt], (bits & 1) != 0, (bits & 2) != 0);
                    return true;
                }
            }
        }
        method = default;
        return false;
    }
}
