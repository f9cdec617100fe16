using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// What may be done on a connection that others use too, and what a channel remembers of it. docs/proxy.md lists it
/// for users.
/// </summary>
internal static class SharingRules
{
    /// <summary>
    /// The method needs an upstream connection of the client's own: it leaves something that belongs to the
    /// connection, makes the broker send without being asked, or may end the connection if the broker does not like it.
    /// </summary>
    /// <param name="method">Which.</param>
    /// <param name="arguments">Well-formed.</param>
    /// <param name="hasOwn">The client has one already, and perhaps exclusive queues on it.</param>
    public static bool NeedsOwn(uint method, ReadOnlySpan<byte> arguments, bool hasOwn) => method switch
    {
        MethodId.BasicConsume or MethodId.ChannelFlow => true,
        MethodId.BasicRecover or MethodId.BasicRecoverAsync => true,
        MethodId.BasicPublish => BasicPublish.TryRead(arguments, out var publish) && publish.Immediate,
        MethodId.BasicQos => BasicQos.TryRead(arguments, out var qos) && qos.PrefetchSize > 0,
        MethodId.ExchangeDeclare => ExchangeDeclare.TryRead(arguments, out var exchange) && !exchange.Passive
            && exchange.Type is not ("direct" or "fanout" or "topic" or "headers"),
        _ when IsExclusive(method, arguments) => true,
        _ => hasOwn && (method == MethodId.BasicGet || method >> 16 == MethodId.QueueDeclare >> 16),
    };

    public static bool IsExclusive(uint method, ReadOnlySpan<byte> arguments) =>
        method == MethodId.QueueDeclare && QueueDeclare.TryRead(arguments, out var queue)
        && queue is { Exclusive: true, Passive: false };

    /// <summary>Keeps what the channel would need to be told, or could not be told, on another connection.</summary>
    public static void Remember(ChannelRoute route, uint method, ReadOnlySpan<byte> frame)
    {
        switch (method)
        {
            case MethodId.BasicQos when BasicQos.TryRead(FrameReader.ArgumentsOf(frame), out var qos):
                route.Settings[qos.Global ? 1 : 0] = frame.ToArray();
                break;
            case MethodId.ConfirmSelect:
                FrameWriter.WriteMethod(route.Settings[2] = new byte[13], 0, new ConfirmSelect(false));
                break;
            case MethodId.BasicPublish when route.Settings[2] is not null:
            case MethodId.BasicConsume or MethodId.BasicGet or MethodId.TxSelect:
                route.IsBound = true;
                break;
        }
    }
}
