using System.Collections.Frozen;

namespace Levada.Protocol;

/// <summary>
/// The arguments of every method in the order of the wire: for whoever shows methods without knowing each. What acts on
/// a method reads it as its struct.
/// </summary>
public static class MethodArguments
{
    private const string Closes = "reply_code:short reply_text:shortstr class_id:short method_id:short";
    private const string Binds =
        "-:short destination:shortstr source:shortstr routing_key:shortstr nowait:bit arguments:table";

    private static readonly Dictionary<uint, string> Definitions = new()
    {
        [MethodId.ConnectionStart] = "version_major:octet version_minor:octet server_properties:table "
            + "mechanisms:longstr locales:longstr",
        [MethodId.ConnectionStartOk] = "client_properties:table mechanism:shortstr response:secret locale:shortstr",
        [MethodId.ConnectionSecure] = "challenge:longstr",
        [MethodId.ConnectionSecureOk] = "response:secret",
        [MethodId.ConnectionTune] = "channel_max:short frame_max:long heartbeat:short",
        [MethodId.ConnectionTuneOk] = "channel_max:short frame_max:long heartbeat:short",
        [MethodId.ConnectionOpen] = "virtual_host:shortstr -:shortstr -:bit",
        [MethodId.ConnectionOpenOk] = "-:shortstr",
        [MethodId.ConnectionClose] = Closes,
        [MethodId.ConnectionCloseOk] = "",
        [MethodId.ConnectionBlocked] = "reason:shortstr",
        [MethodId.ConnectionUnblocked] = "",
        [MethodId.ConnectionUpdateSecret] = "new_secret:secret reason:shortstr",
        [MethodId.ConnectionUpdateSecretOk] = "",
        [MethodId.ChannelOpen] = "-:shortstr",
        [MethodId.ChannelOpenOk] = "-:longstr",
        [MethodId.ChannelFlow] = "active:bit",
        [MethodId.ChannelFlowOk] = "active:bit",
        [MethodId.ChannelClose] = Closes,
        [MethodId.ChannelCloseOk] = "",
        [MethodId.ExchangeDeclare] = "-:short exchange:shortstr type:shortstr passive:bit durable:bit auto_delete:bit "
            + "internal:bit nowait:bit arguments:table",
        [MethodId.ExchangeDeclareOk] = "",
        [MethodId.ExchangeDelete] = "-:short exchange:shortstr if_unused:bit nowait:bit",
        [MethodId.ExchangeDeleteOk] = "",
        [MethodId.ExchangeBind] = Binds,
        [MethodId.ExchangeBindOk] = "",
        [MethodId.ExchangeUnbind] = Binds,
        [MethodId.ExchangeUnbindOk] = "",
        [MethodId.QueueDeclare] = "-:short queue:shortstr passive:bit durable:bit exclusive:bit auto_delete:bit "
            + "nowait:bit arguments:table",
        [MethodId.QueueDeclareOk] = "queue:shortstr message_count:long consumer_count:long",
        [MethodId.QueueBind] = "-:short queue:shortstr exchange:shortstr routing_key:shortstr nowait:bit "
            + "arguments:table",
        [MethodId.QueueBindOk] = "",
        [MethodId.QueuePurge] = "-:short queue:shortstr nowait:bit",
        [MethodId.QueuePurgeOk] = "message_count:long",
        [MethodId.QueueDelete] = "-:short queue:shortstr if_unused:bit if_empty:bit nowait:bit",
        [MethodId.QueueDeleteOk] = "message_count:long",
        [MethodId.QueueUnbind] = "-:short queue:shortstr exchange:shortstr routing_key:shortstr arguments:table",
        [MethodId.QueueUnbindOk] = "",
    };

    private static readonly Dictionary<uint, string> Messages = new()
    {
        [MethodId.BasicQos] = "prefetch_size:long prefetch_count:short global:bit",
        [MethodId.BasicQosOk] = "",
        [MethodId.BasicConsume] = "-:short queue:shortstr consumer_tag:shortstr no_local:bit no_ack:bit exclusive:bit "
            + "nowait:bit arguments:table",
        [MethodId.BasicConsumeOk] = "consumer_tag:shortstr",
        [MethodId.BasicCancel] = "consumer_tag:shortstr nowait:bit",
        [MethodId.BasicCancelOk] = "consumer_tag:shortstr",
        [MethodId.BasicPublish] = "-:short exchange:shortstr routing_key:shortstr mandatory:bit immediate:bit",
        [MethodId.BasicReturn] = "reply_code:short reply_text:shortstr exchange:shortstr routing_key:shortstr",
        [MethodId.BasicDeliver] = "consumer_tag:shortstr delivery_tag:longlong redelivered:bit exchange:shortstr "
            + "routing_key:shortstr",
        [MethodId.BasicGet] = "-:short queue:shortstr no_ack:bit",
        [MethodId.BasicGetOk] = "delivery_tag:longlong redelivered:bit exchange:shortstr routing_key:shortstr "
            + "message_count:long",
        [MethodId.BasicGetEmpty] = "-:shortstr",
        [MethodId.BasicAck] = "delivery_tag:longlong multiple:bit",
        [MethodId.BasicReject] = "delivery_tag:longlong requeue:bit",
        [MethodId.BasicRecoverAsync] = "requeue:bit",
        [MethodId.BasicRecover] = "requeue:bit",
        [MethodId.BasicRecoverOk] = "",
        [MethodId.BasicNack] = "delivery_tag:longlong multiple:bit requeue:bit",
        [MethodId.ConfirmSelect] = "nowait:bit",
        [MethodId.ConfirmSelectOk] = "",
        [MethodId.TxSelect] = "",
        [MethodId.TxSelectOk] = "",
        [MethodId.TxCommit] = "",
        [MethodId.TxCommitOk] = "",
        [MethodId.TxRollback] = "",
        [MethodId.TxRollbackOk] = "",
    };

    private static readonly FrozenDictionary<uint, MethodArgument[]> All =
        Definitions.Concat(Messages).ToFrozenDictionary(static e => e.Key, static e => Parse(e.Value));

    /// <summary>False for a method that the protocol does not have.</summary>
    public static bool TryGet(uint method, out ReadOnlySpan<MethodArgument> arguments)
    {
        var known = All.TryGetValue(method, out var found);
        arguments = found;
        return known;
    }

    /// <summary>Whether it is followed by a content header and a body.</summary>
    public static bool HasContent(uint method) =>
        method is MethodId.BasicPublish or MethodId.BasicReturn or MethodId.BasicDeliver or MethodId.BasicGetOk;

    private static MethodArgument[] Parse(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static argument =>
        {
            var parts = argument.Split(':');
            return new MethodArgument(parts[0] == "-" ? "" : parts[0], TypeOf(parts[1]));
        })];

    private static ArgumentType TypeOf(string name) => name switch
    {
        "bit" => ArgumentType.Bit,
        "octet" => ArgumentType.Octet,
        "short" => ArgumentType.Short,
        "long" => ArgumentType.Long,
        "longlong" => ArgumentType.LongLong,
        "shortstr" => ArgumentType.ShortString,
        "longstr" => ArgumentType.LongString,
        "table" => ArgumentType.Table,
        "secret" => ArgumentType.Secret,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no type of the wire"),
    };
}
