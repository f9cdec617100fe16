using Levada.Protocol;

namespace Levada.Cli.Proxy;

/// <summary>
/// What a client may send on a channel, checked before it goes upstream: a syntax error there would end the connection
/// of everybody who shares it.
/// </summary>
internal static class MethodSyntax
{
    /// <summary>Null for a method that no client sends on a channel.</summary>
    public static bool? IsWellFormed(uint method, ReadOnlySpan<byte> arguments) => method switch
    {
        MethodId.BasicPublish => BasicPublish.TryRead(arguments, out _),
        MethodId.BasicAck => BasicAck.TryRead(arguments, out _),
        MethodId.BasicNack => BasicNack.TryRead(arguments, out _),
        MethodId.BasicReject => BasicReject.TryRead(arguments, out _),
        MethodId.BasicGet => BasicGet.TryRead(arguments, out _),
        MethodId.BasicQos => BasicQos.TryRead(arguments, out _),
        MethodId.BasicConsume => BasicConsume.TryRead(arguments, out _),
        MethodId.BasicCancel => BasicCancel.TryRead(arguments, out _),
        MethodId.BasicCancelOk => BasicCancelOk.TryRead(arguments, out _),
        MethodId.BasicRecover => BasicRecover.TryRead(arguments, out _),
        MethodId.BasicRecoverAsync => BasicRecoverAsync.TryRead(arguments, out _),
        MethodId.ChannelOpen => ChannelOpen.TryRead(arguments, out _),
        MethodId.ChannelFlow => ChannelFlow.TryRead(arguments, out _),
        MethodId.ChannelFlowOk => ChannelFlowOk.TryRead(arguments, out _),
        MethodId.ChannelClose => ChannelClose.TryRead(arguments, out _),
        MethodId.ChannelCloseOk => ChannelCloseOk.TryRead(arguments, out _),
        MethodId.ExchangeDeclare => ExchangeDeclare.TryRead(arguments, out _),
        MethodId.ExchangeDelete => ExchangeDelete.TryRead(arguments, out _),
        MethodId.ExchangeBind => ExchangeBind.TryRead(arguments, out _),
        MethodId.ExchangeUnbind => ExchangeUnbind.TryRead(arguments, out _),
        MethodId.QueueDeclare => QueueDeclare.TryRead(arguments, out _),
        MethodId.QueueBind => QueueBind.TryRead(arguments, out _),
        MethodId.QueueUnbind => QueueUnbind.TryRead(arguments, out _),
        MethodId.QueuePurge => QueuePurge.TryRead(arguments, out _),
        MethodId.QueueDelete => QueueDelete.TryRead(arguments, out _),
        MethodId.ConfirmSelect => ConfirmSelect.TryRead(arguments, out _),
        MethodId.TxSelect => TxSelect.TryRead(arguments, out _),
        MethodId.TxCommit => TxCommit.TryRead(arguments, out _),
        MethodId.TxRollback => TxRollback.TryRead(arguments, out _),
        _ => null,
    };
}
