using Levada.Amqp;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>
/// The arguments of queue.declare and basic.consume that mean something, and what they may be. Others are kept and
/// shown but neither checked nor compared.
/// </summary>
internal static class QueueArguments
{
    public const string Type = "x-queue-type";
    public const string DeadLetterExchange = "x-dead-letter-exchange";
    public const string DeadLetterRoutingKey = "x-dead-letter-routing-key";

    private const int MaxPriority = 255;

    // Ten years, as RabbitMQ: what is meant to last longer is meant to last for ever.
    private const long MaxMilliseconds = 10L * 365 * 24 * 60 * 60 * 1000;

    private static readonly Dictionary<string, Func<FieldValue, string?>> Checks = new(StringComparer.Ordinal)
    {
        [Type] = QueueTypeName,
        ["x-expires"] = Between(1, MaxMilliseconds, "a number of milliseconds"),
        ["x-message-ttl"] = Between(0, MaxMilliseconds, "a number of milliseconds"),
        ["x-max-length"] = NotNegative,
        ["x-max-length-bytes"] = NotNegative,
        ["x-max-in-memory-length"] = NotNegative,
        ["x-max-in-memory-bytes"] = NotNegative,
        ["x-max-priority"] = Between(0, MaxPriority, "an integer"),
        ["x-delivery-limit"] = Integer,
        ["x-consumer-timeout"] = NotNegative,
        ["x-quorum-initial-group-size"] = Between(1, int.MaxValue, "an integer"),
        ["x-quorum-target-group-size"] = Between(0, int.MaxValue, "an integer"),
        ["x-consumer-disconnected-timeout"] = NotNegative,
        ["x-overflow"] = OneOf("drop-head", "reject-publish", "reject-publish-dlx"),
        ["x-queue-mode"] = OneOf("default", "lazy"),
        ["x-queue-version"] = Between(1, 2, "an integer"),
        ["x-single-active-consumer"] = Boolean,
        ["x-dead-letter-strategy"] = OneOf("at-most-once", "at-least-once"),
        ["x-queue-leader-locator"] = OneOf("client-local", "balanced", "random", "least-leaders"),
        ["x-queue-master-locator"] = OneOf("client-local", "min-masters", "random"),
        [DeadLetterRoutingKey] = Text,
    };

    private static readonly Dictionary<string, Func<FieldValue, string?>> ConsumerChecks = new(StringComparer.Ordinal)
    {
        ["x-priority"] = Integer,
        ["x-cancel-on-ha-failover"] = Boolean,
        ["x-consumer-timeout"] = NotNegative,
    };

    // What RabbitMQ refuses for a queue of a type. Streams are not there yet; what is theirs would mean nothing.
    private static readonly HashSet<string> OfStreams = new(StringComparer.Ordinal)
    {
        "x-max-age", "x-stream-max-segment-size-bytes", "x-stream-filter-size-bytes", "x-initial-cluster-size",
    };

    private static readonly HashSet<string> OfClassicQueues = new(StringComparer.Ordinal)
    {
        "x-max-priority", "x-queue-mode", "x-queue-version", "x-queue-master-locator",
    };

    // Of a classic queue these mean nothing, and are kept but not compared.
    private static readonly HashSet<string> OfQuorumQueues = new(StringComparer.Ordinal)
    {
        "x-quorum-initial-group-size", "x-quorum-target-group-size", "x-consumer-disconnected-timeout",
        "x-max-in-memory-length", "x-max-in-memory-bytes", "x-queue-leader-locator",
    };

    private static readonly string[] Compared =
        [DeadLetterExchange, .. Checks.Keys.Where(static name => name != Type), .. DeduplicationArguments.Names];

    /// <summary>Those that two declarations of such a queue must agree on, besides the type.</summary>
    public static IEnumerable<string> ComparedOf(QueueType type) => Compared.Where(
        name => !(type == QueueType.Quorum ? OfClassicQueues : OfQuorumQueues).Contains(name));

    /// <summary>The type that the argument names; null for none that is known.</summary>
    public static QueueType? TypeOf(FieldValue value) =>
        value.TryGetString(out var name) ? QueueTypes.Find(name) : null;

    /// <summary>Apart from the other checks, as it comes before the permissions on that exchange.</summary>
    /// <exception cref="AmqpException">406: the dead-letter exchange is not named by a string.</exception>
    public static void CheckDeadLetterExchange(string queue, string vhost, FieldTable arguments)
    {
        if (!arguments.TryGet(DeadLetterExchange, out var value) || value.Type == FieldType.LongString)
            return;
        throw Errors.Precondition(
            $"invalid type '{value.TypeName}' for arg '{DeadLetterExchange}' in queue '{queue}' in vhost '{vhost}'",
            MethodId.QueueDeclare);
    }

    /// <exception cref="AmqpException">406: an argument has a type or value that it cannot have.</exception>
    public static void Check(QueueDefinition queue, string vhost, CatalogOptions options)
    {
        CheckApplicable(queue, vhost);
        Check(Checks, queue.Name, vhost, queue.Arguments, MethodId.QueueDeclare);
        if (queue.Arguments.Contains(DeadLetterRoutingKey) && !queue.Arguments.Contains(DeadLetterExchange))
        {
            throw Invalid(
                DeadLetterRoutingKey, queue.Name, vhost, $"it needs {DeadLetterExchange} beside it",
                MethodId.QueueDeclare);
        }

        if (DeduplicationArguments.Fault(queue.Arguments, options.DeduplicationCacheMax) is var (argument, fault))
            throw Invalid(argument, queue.Name, vhost, fault, MethodId.QueueDeclare);
        var property = queue.AutoDelete ? "auto-delete"
            : queue.Exclusive ? "exclusive-owner"
            : queue.Durable ? null : "non-durable";
        if (queue.Type == QueueType.Quorum && property is not null)
        {
            throw Errors.Precondition(
                $"invalid property '{property}' for queue '{queue.Name}' in vhost '{vhost}'", MethodId.QueueDeclare);
        }
    }

    private static void CheckApplicable(QueueDefinition queue, string vhost)
    {
        foreach (var (name, _) in queue.Arguments)
        {
            if (!OfStreams.Contains(name) && !(queue.Type == QueueType.Quorum && OfClassicQueues.Contains(name)))
                continue;
            if (queue.Type is { } type)
            {
                throw Errors.Precondition(
                    $"invalid arg '{name}' for queue '{queue.Name}' in vhost '{vhost}' of queue type "
                    + $"rabbit_{type.Name()}_queue",
                    MethodId.QueueDeclare);
            }
        }
    }

    /// <summary>The arguments of basic.consume.</summary>
    /// <exception cref="AmqpException">406: an argument has a type or value that it cannot have.</exception>
    public static void CheckConsumer(string queue, string vhost, FieldTable arguments) =>
        Check(ConsumerChecks, queue, vhost, arguments, MethodId.BasicConsume);

    private static void Check(
        Dictionary<string, Func<FieldValue, string?>> checks, string queue, string vhost, FieldTable arguments,
        uint methodId)
    {
        foreach (var (name, _) in arguments)
        {
            // By look-up, as the last of several with one name counts.
            if (checks.TryGetValue(name, out var check) && arguments.TryGet(name, out var value)
                && check(value) is { } fault)
            {
                throw Invalid(name, queue, vhost, fault, methodId);
            }
        }
    }

    private static AmqpException Invalid(string argument, string queue, string vhost, string fault, uint methodId) =>
        Errors.Precondition($"invalid arg '{argument}' for queue '{queue}' in vhost '{vhost}': {fault}", methodId);

    private static string? QueueTypeName(FieldValue value)
    {
        if (!value.TryGetString(out var name))
            return $"expected one of classic, quorum, got {value.TypeName}";
        if (QueueTypes.Find(name) is not null)
            return null;
        var hint = name == "stream" ? "this broker has no streams yet" : "expected one of classic, quorum";
        return $"\"unsupported queue type '{name}'\" ({hint})";
    }

    private static string? Integer(FieldValue value) =>
        value.IsInteger ? null : $"expected an integer, got {value.TypeName}";

    private static string? NotNegative(FieldValue value)
    {
        if (!value.TryGetInteger(out var number))
            return $"expected a non-negative integer, got {value.TypeName}";
        return number >= 0 ? null : $"expected a non-negative integer, got {number}";
    }

    private static string? Boolean(FieldValue value) =>
        value.Type == FieldType.Boolean ? null : $"expected a bool, got {value.TypeName}";

    private static string? Text(FieldValue value) =>
        value.Type == FieldType.LongString ? null : $"expected a longstr, got {value.TypeName}";

    private static Func<FieldValue, string?> Between(long least, long most, string what) => value =>
    {
        if (!value.TryGetInteger(out var number))
            return $"expected {what} from {least} to {most}, got {value.TypeName}";
        return number >= least && number <= most ? null : $"expected {what} from {least} to {most}, got {number}";
    };

    private static Func<FieldValue, string?> OneOf(params string[] known) => value =>
    {
        if (!value.TryGetString(out var text))
            return $"expected one of {string.Join(", ", known)}, got {value.TypeName}";
        return known.Contains(text) ? null : $"expected one of {string.Join(", ", known)}, got '{text}'";
    };
}
