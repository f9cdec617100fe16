using Levada.Protocol;

namespace Levada.Tests.Rules;

/// <summary>
/// A method that a client may send on a channel, with arguments that would be all right on an open one.
/// </summary>
public sealed record EveryMethod(string Name, uint Id, Action<RawConnection, ushort> Send)
{
    /// <summary>All of them but channel.open, close, close-ok, which have rules of their own.</summary>
    public static IReadOnlyList<EveryMethod> OnAChannel { get; } =
    [
        Of(new ChannelFlow(true)),
        Of(new ExchangeDeclare("amq.direct", "direct", Passive: true)),
        Of(new ExchangeDelete("missing")),
        Of(new ExchangeBind("amq.direct", "amq.topic", "k", false, null)),
        Of(new ExchangeUnbind("amq.direct", "amq.topic", "k", false, null)),
        Of(new QueueDeclare("D-every", AutoDelete: true)),
        Of(new QueueBind("missing", "amq.direct", "k")),
        Of(new QueueUnbind("missing", "amq.direct", "k")),
        Of(new QueuePurge("missing")),
        Of(new QueueDelete("missing")),
        Of(new BasicQos(0, 1)),
        Of(new BasicConsume("missing", "c")),
        Of(new BasicCancel("c")),
        Of(new BasicGet("missing")),
        Of(new BasicAck(1)),
        Of(new BasicNack(1)),
        Of(new BasicReject(1, true)),
        Of(new BasicRecover(true)),
        Of(new BasicRecoverAsync(true)),
        Of(new ConfirmSelect()),
        Of(new TxSelect()),
        Of(new TxCommit()),
        Of(new TxRollback()),
        new("basic.publish", MethodId.BasicPublish, (c, channel) => c.Publish(channel, "", "nowhere", "x")),
    ];

    private static EveryMethod Of<T>(T method) where T : IMethod<T> =>
        new(MethodId.Name(T.Id), T.Id, (connection, channel) => connection.Send(channel, method));
}
