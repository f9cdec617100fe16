namespace Levada.Protocol;

/// <summary>
/// Every method of 0-9-1 and of RabbitMQ's extensions: class number in the upper, method number in the lower half.
/// </summary>
public static class MethodId
{
    public const uint ConnectionStart = (10u << 16) | 10;
    public const uint ConnectionStartOk = (10u << 16) | 11;
    public const uint ConnectionSecure = (10u << 16) | 20;
    public const uint ConnectionSecureOk = (10u << 16) | 21;
    public const uint ConnectionTune = (10u << 16) | 30;
    public const uint ConnectionTuneOk = (10u << 16) | 31;
    public const uint ConnectionOpen = (10u << 16) | 40;
    public const uint ConnectionOpenOk = (10u << 16) | 41;
    public const uint ConnectionClose = (10u << 16) | 50;
    public const uint ConnectionCloseOk = (10u << 16) | 51;
    public const uint ConnectionBlocked = (10u << 16) | 60;
    public const uint ConnectionUnblocked = (10u << 16) | 61;
    public const uint ConnectionUpdateSecret = (10u << 16) | 70;
    public const uint ConnectionUpdateSecretOk = (10u << 16) | 71;
    public const uint ChannelOpen = (20u << 16) | 10;
    public const uint ChannelOpenOk = (20u << 16) | 11;
    public const uint ChannelFlow = (20u << 16) | 20;
    public const uint ChannelFlowOk = (20u << 16) | 21;
    public const uint ChannelClose = (20u << 16) | 40;
    public const uint ChannelCloseOk = (20u << 16) | 41;
    public const uint ExchangeDeclare = (40u << 16) | 10;
    public const uint ExchangeDeclareOk = (40u << 16) | 11;
    public const uint ExchangeDelete = (40u << 16) | 20;
    public const uint ExchangeDeleteOk = (40u << 16) | 21;
    public const uint ExchangeBind = (40u << 16) | 30;
    public const uint ExchangeBindOk = (40u << 16) | 31;
    public const uint ExchangeUnbind = (40u << 16) | 40;
    public const uint ExchangeUnbindOk = (40u << 16) | 51;
    public const uint QueueDeclare = (50u << 16) | 10;
    public const uint QueueDeclareOk = (50u << 16) | 11;
    public const uint QueueBind = (50u << 16) | 20;
    public const uint QueueBindOk = (50u << 16) | 21;
    public const uint QueuePurge = (50u << 16) | 30;
    public const uint QueuePurgeOk = (50u << 16) | 31;
    public const uint QueueDelete = (50u << 16) | 40;
    public const uint QueueDeleteOk = (50u << 16) | 41;
    public const uint QueueUnbind = (50u << 16) | 50;
    public const uint QueueUnbindOk = (50u << 16) | 51;
    public const uint BasicQos = (60u << 16) | 10;
    public const uint BasicQosOk = (60u << 16) | 11;
    public const uint BasicConsume = (60u << 16) | 20;
    public const uint BasicConsumeOk = (60u << 16) | 21;
    public const uint BasicCancel = (60u << 16) | 30;
    public const uint BasicCancelOk = (60u << 16) | 31;
    public const uint BasicPublish = (60u << 16) | 40;
    public const uint BasicReturn = (60u << 16) | 50;
    public const uint BasicDeliver = (60u << 16) | 60;
    public const uint BasicGet = (60u << 16) | 70;
    public const uint BasicGetOk = (60u << 16) | 71;
    public const uint BasicGetEmpty = (60u << 16) | 72;
    public const uint BasicAck = (60u << 16) | 80;
    public const uint BasicReject = (60u << 16) | 90;
    public const uint BasicRecoverAsync = (60u << 16) | 100;
    public const uint BasicRecover = (60u << 16) | 110;
    public const uint BasicRecoverOk = (60u << 16) | 111;
    public const uint BasicNack = (60u << 16) | 120;
    public const uint ConfirmSelect = (85u << 16) | 10;
    public const uint ConfirmSelectOk = (85u << 16) | 11;
    public const uint TxSelect = (90u << 16) | 10;
    public const uint TxSelectOk = (90u << 16) | 11;
    public const uint TxCommit = (90u << 16) | 20;
    public const uint TxCommitOk = (90u << 16) | 21;
    public const uint TxRollback = (90u << 16) | 30;
    public const uint TxRollbackOk = (90u << 16) | 31;

    /// <summary>
    /// The name as the specification writes it, such as basic.publish; the numbers for an unknown one.
    /// </summary>
    public static string Name(uint id) => id switch
    {
        ConnectionStart => "connection.start",
        ConnectionStartOk => "connection.start-ok",
        ConnectionSecure => "connection.secure",
        ConnectionSecureOk => "connection.secure-ok",
        ConnectionTune => "connection.tune",
        ConnectionTuneOk => "connection.tune-ok",
        ConnectionOpen => "connection.open",
        ConnectionOpenOk => "connection.open-ok",
        ConnectionClose => "connection.close",
        ConnectionCloseOk => "connection.close-ok",
        ConnectionBlocked => "connection.blocked",
        ConnectionUnblocked => "connection.unblocked",
        ConnectionUpdateSecret => "connection.update-secret",
        ConnectionUpdateSecretOk => "connection.update-secret-ok",
        ChannelOpen => "channel.open",
        ChannelOpenOk => "channel.open-ok",
        ChannelFlow => "channel.flow",
        ChannelFlowOk => "channel.flow-ok",
        ChannelClose => "channel.close",
        ChannelCloseOk => "channel.close-ok",
        ExchangeDeclare => "exchange.declare",
        ExchangeDeclareOk => "exchange.declare-ok",
        ExchangeDelete => "exchange.delete",
        ExchangeDeleteOk => "exchange.delete-ok",
        ExchangeBind => "exchange.bind",
        ExchangeBindOk => "exchange.bind-ok",
        ExchangeUnbind => "exchange.unbind",
        ExchangeUnbindOk => "exchange.unbind-ok",
        QueueDeclare => "queue.declare",
        QueueDeclareOk => "queue.declare-ok",
        QueueBind => "queue.bind",
        QueueBindOk => "queue.bind-ok",
        QueuePurge => "queue.purge",
        QueuePurgeOk => "queue.purge-ok",
        QueueDelete => "queue.delete",
        QueueDeleteOk => "queue.delete-ok",
        QueueUnbind => "queue.unbind",
        QueueUnbindOk => "queue.unbind-ok",
        BasicQos => "basic.qos",
        BasicQosOk => "basic.qos-ok",
        BasicConsume => "basic.consume",
        BasicConsumeOk => "basic.consume-ok",
        BasicCancel => "basic.cancel",
        BasicCancelOk => "basic.cancel-ok",
        BasicPublish => "basic.publish",
        BasicReturn => "basic.return",
        BasicDeliver => "basic.deliver",
        BasicGet => "basic.get",
        BasicGetOk => "basic.get-ok",
        BasicGetEmpty => "basic.get-empty",
        BasicAck => "basic.ack",
        BasicReject => "basic.reject",
        BasicRecoverAsync => "basic.recover-async",
        BasicRecover => "basic.recover",
        BasicRecoverOk => "basic.recover-ok",
        BasicNack => "basic.nack",
        ConfirmSelect => "confirm.select",
        ConfirmSelectOk => "confirm.select-ok",
        TxSelect => "tx.select",
        TxSelectOk => "tx.select-ok",
        TxCommit => "tx.commit",
        TxCommitOk => "tx.commit-ok",
        TxRollback => "tx.rollback",
        TxRollbackOk => "tx.rollback-ok",
        _ => $"{Class(id)}.{Method(id)}",
    };

    /// <summary>Whether the protocol has this method at all (a client may still not send it).</summary>
    public static bool IsKnown(uint id) => !char.IsAsciiDigit(Name(id)[0]);

    public static ushort Class(uint id) => (ushort)(id >> 16);

    public static ushort Method(uint id) => (ushort)id;
}
