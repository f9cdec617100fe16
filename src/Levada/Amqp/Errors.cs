using System.Text;
using Levada.Auth;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// The mistakes that several places find, with RabbitMQ's codes and texts: clients and their users match on them.
/// A method id of 0 says that the fault is tied to no method.
/// </summary>
public static partial class Errors
{
    /// <summary>406: the general case, with a text of its own.</summary>
    public static AmqpException Precondition(string text, uint methodId) =>
        Soft(ReplyCode.PreconditionFailed, text, methodId);

    /// <summary>404.</summary>
    public static AmqpException NoQueue(string queue, string vhost, uint methodId) =>
        Soft(ReplyCode.NotFound, $"no queue '{queue}' in vhost '{vhost}'", methodId);

    /// <summary>404 for a passive declare, which many take for harmless.</summary>
    public static AmqpException NoQueueToSee(string queue, string vhost) => Soft(
        ReplyCode.NotFound,
        $"no queue '{queue}' in vhost '{vhost}' (a passive declare closes its channel when there is none)",
        MethodId.QueueDeclare);

    /// <summary>404: the empty name stands for the queue that this channel declared last, and there is none.</summary>
    public static AmqpException NoPreviousQueue(uint methodId) =>
        Soft(ReplyCode.NotFound, "no previously declared queue", methodId);

    /// <summary>404.</summary>
    public static AmqpException UnknownExchangeType(string name) =>
        Precondition($"unknown exchange type '{name}'", MethodId.ExchangeDeclare);

    public static AmqpException NoExchange(string exchange, string vhost, uint methodId) =>
        Soft(ReplyCode.NotFound, $"no exchange '{exchange}' in vhost '{vhost}'", methodId);

    /// <summary>
    /// 405: the queue is exclusive to another connection, which is named; or not exclusive, and asked to be.
    /// </summary>
    public static AmqpException Locked(Queue queue, uint methodId) => Soft(
        ReplyCode.ResourceLocked,
        $"cannot obtain exclusive access to locked queue '{queue.Name}' in vhost '{queue.VHost}'. It could be "
        + $"originally declared on another connection{OwnerOf(queue)} or the exclusive property value does not "
        + "match that of the original declaration.",
        methodId);

    private static string OwnerOf(Queue queue) => queue switch
    {
        { Exclusive: false } => " (it is not exclusive)",
        { Owner: Connection owner } => $" (owner {owner.Describe()})",
        _ => "",
    };

    /// <summary>405: a quorum queue that chooses its one consumer itself answers no basic.get.</summary>
    public static AmqpException NoGetFromSingleActive(string queue, string vhost) => Soft(
        ReplyCode.ResourceLocked,
        $"cannot obtain access to locked queue '{queue}' in vhost '{vhost}'. basic.get operations are not supported by "
        + "quorum queues with single active consumer",
        MethodId.BasicGet);

    /// <summary>406: if-unused, and there are consumers.</summary>
    public static AmqpException QueueInUse(string queue, string vhost) =>
        Precondition($"queue '{queue}' in vhost '{vhost}' in use", MethodId.QueueDelete);

    /// <summary>406: if-empty, and there are messages.</summary>
    public static AmqpException QueueNotEmpty(string queue, string vhost) =>
        Precondition($"queue '{queue}' in vhost '{vhost}' not empty", MethodId.QueueDelete);

    /// <summary>406: if-unused, and bindings start there.</summary>
    public static AmqpException ExchangeInUse(string exchange, string vhost) =>
        Precondition($"exchange '{exchange}' in vhost '{vhost}' in use", MethodId.ExchangeDelete);

    /// <summary>403: basic.publish to an exchange that takes messages from other exchanges only.</summary>
    public static AmqpException InternalExchange(string exchange, string vhost) => Soft(
        ReplyCode.AccessRefused,
        $"cannot publish to internal exchange '{exchange}' in vhost '{vhost}'",
        MethodId.BasicPublish);

    /// <summary>403: declare, delete, bind or unbind of the default exchange.</summary>
    public static AmqpException DefaultExchange(uint methodId) =>
        Soft(ReplyCode.AccessRefused, "operation not permitted on the default exchange", methodId);

    /// <summary>403: a new name in the range that belongs to the broker.</summary>
    public static AmqpException ReservedName(string kind, string name, uint methodId) =>
        Soft(ReplyCode.AccessRefused, $"{kind} name '{name}' contains reserved prefix 'amq.*'", methodId);

    /// <summary>403: delete of an exchange that every virtual host has.</summary>
    public static AmqpException SystemExchange(string exchange, string vhost) => Soft(
        ReplyCode.AccessRefused,
        $"deletion of system exchange '{exchange}' in vhost '{vhost}' not allowed",
        MethodId.ExchangeDelete);

    /// <summary>403: the user's permissions do not cover it.</summary>
    public static AmqpException AccessRefused(
        Right right, string kind, string name, string vhost, string user, uint methodId) => Soft(
        ReplyCode.AccessRefused,
        $"{Name(right)} access to {kind} '{name}' in vhost '{vhost}' refused for user '{user}'",
        methodId);

    /// <summary>403: the user's topic permissions do not cover it.</summary>
    public static AmqpException TopicAccessRefused(
        Right right, string routingKey, string exchange, string vhost, string user, uint methodId) => Soft(
        ReplyCode.AccessRefused,
        $"{Name(right)} access to topic '{routingKey}' in exchange '{exchange}' in vhost '{vhost}' "
        + $"refused for user '{user}'",
        methodId);

    /// <summary>406: CC or BCC is something else than RabbitMQ's array of long strings.</summary>
    public static AmqpException NotAnArrayOfKeys(ReadOnlySpan<byte> header, FieldType type) => Precondition(
        $"invalid message: header '{Encoding.UTF8.GetString(header)}' must be an array of routing keys (longstr), "
        + $"got {FieldValue.NameOf(type)}",
        MethodId.BasicPublish);

    /// <summary>406: the virtual host has as many queues as it may.</summary>
    internal static AmqpException QueueLimit(string queue, string vhost, Bound bound, int used) => Precondition(
        $"cannot declare queue '{queue}': queue limit in vhost '{vhost}' ({bound.Max}) is reached"
        + Describe(bound, used),
        MethodId.QueueDeclare);

    /// <summary>404: the virtual host was deleted while the connection was open.</summary>
    public static AmqpException VHostGone(string vhost, uint methodId) =>
        Soft(ReplyCode.NotFound, $"vhost '{vhost}' is deleted", methodId);

    /// <summary>406: its deletion was forbidden.</summary>
    internal static AmqpException VHostProtected(string vhost) => Precondition(
        $"Refusing to delete virtual host '{vhost}' because it is protected from deletion", methodId: 0);

    /// <summary>506: the catalog's log cannot grow.</summary>
    public static AmqpException NoRoomForDefinitions(uint methodId) => Soft(
        ReplyCode.ResourceError,
        "no room on the broker's disk to record the definition; free some and try again",
        methodId);

    /// <summary>530: connection.open of a virtual host that is not there.</summary>
    public static AmqpException NoVHost(string vhost) => Refused(
        $"vhost {vhost} not found (it has to be created first; in a URI the name follows the slash after the port, and "
        + "a slash in it is written %2F)");

    /// <summary>530: connection.open without permissions in the virtual host.</summary>
    public static AmqpException VHostRefused(string vhost, string user) =>
        Refused($"access to vhost '{vhost}' refused for user '{user}'");

    /// <summary>320: connection.open of a node that is being taken out of service.</summary>
    public static AmqpException NotInService(uint methodId) => new(
        ReplyCode.ConnectionForced, "Node was put into maintenance mode (it is being drained: use another node)",
        ErrorScope.Connection, methodId);

    private static string Name(Right right) => right switch
    {
        Right.Configure => "configure",
        Right.Write => "write",
        _ => "read",
    };

    private static AmqpException Soft(ushort code, string text, uint methodId) =>
        new(code, text, ErrorScope.Channel, methodId);
}
