using Levada.Protocol;

namespace Levada.Policies;

/// <summary>What a policy may define, and what each key may be.</summary>
public static class PolicyKeys
{
    public const string MessageTtl = "message-ttl";
    public const string Expires = "expires";
    public const string MaxLength = "max-length";
    public const string MaxLengthBytes = "max-length-bytes";
    public const string Overflow = "overflow";
    public const string DeadLetterExchange = "dead-letter-exchange";
    public const string DeadLetterRoutingKey = "dead-letter-routing-key";
    public const string DeliveryLimit = "delivery-limit";
    public const string ConsumerTimeout = "consumer-timeout";
    public const string AlternateExchange = "alternate-exchange";
    public const string MaxPrefetch = "max-prefetch";
    public const string DelayedMessage = "delayed-message";

    // Ten years, as of the arguments.
    private const long MaxMilliseconds = 10L * 365 * 24 * 60 * 60 * 1000;

    private static readonly Dictionary<string, PolicyKey> Known = new PolicyKey[]
    {
        new(MessageTtl, Between(0, MaxMilliseconds), "message TTL") { Caps = true },
        new(Expires, Between(1, MaxMilliseconds), "queue expiry") { Caps = true },
        new(MaxLength, NotNegative, "maximum length") { Caps = true },
        new(MaxLengthBytes, NotNegative, "maximum length in bytes") { Caps = true },
        new("max-in-memory-length", NotNegative, "maximum memory in bytes") { Caps = true },
        new("max-in-memory-bytes", NotNegative, "maximum memory in bytes") { Caps = true },
        new(DeliveryLimit, Integer, "delivery limit") { Caps = true },
        new(MaxPrefetch, Between(1, ushort.MaxValue), "maximum prefetch") { Caps = true, OnlyCaps = true },
        new(Overflow, OneOf("drop-head", "reject-publish", "reject-publish-dlx"), "overflow value") { Caps = true },
        new(DeadLetterExchange, Text, "dead letter exchange name"),
        new(DeadLetterRoutingKey, Text, "dead letter routing key"),
        new("dead-letter-strategy", OneOf("at-most-once", "at-least-once"), "dead letter strategy"),
        new(ConsumerTimeout, Between(0, MaxMilliseconds), "consumer timeout"),
        new(AlternateExchange, Text, "alternate exchange name"),
        new(DelayedMessage, Boolean, "delayed message value"),
        new("queue-mode", OneOf("default", "lazy"), "queue-mode value"),
        new("queue-version", Between(1, 2), "queue-version value") { Caps = true },
        new(
            "queue-leader-locator", OneOf("client-local", "balanced", "random", "least-leaders"),
            "queue leader locator value"),
        new(
            "queue-master-locator", OneOf("client-local", "min-masters", "random"), "queue-master-locator value"),
        new("initial-cluster-size", NotNegative, "cluster size"),
        new("target-group-size", NotNegative, "target group size"),
        new("member-placement-tag", Text, "member placement tag"),
        new("consumer-disconnected-timeout", Between(0, MaxMilliseconds), "consumer disconnected timeout"),
        new("delayed-retry-type", Text, "delayed retry type"),
        new("delayed-retry-min", Between(0, MaxMilliseconds), "delayed retry time"),
        new("delayed-retry-max", Between(0, MaxMilliseconds), "delayed retry time"),
        new("max-age", Text, "max age"),
        new("stream-max-segment-size-bytes", NotNegative, "segment size"),
        new("stream-filter-size-bytes", Between(16, 255), "filter size"),
        new("ha-mode", OneOf("all", "exactly", "nodes"), "ha-mode value"),
        new("ha-params", static _ => true, "ha-params"),
        new("ha-sync-mode", OneOf("manual", "automatic"), "ha-sync-mode"),
        new("ha-sync-batch-size", Between(1, uint.MaxValue), "ha-sync-batch-size"),
        new("ha-promote-on-shutdown", OneOf("always", "when-synced"), "ha-promote-on-shutdown"),
        new("ha-promote-on-failure", OneOf("always", "when-synced"), "ha-promote-on-failure"),
    }.ToDictionary(static key => key.Name);

    /// <summary>All of them.</summary>
    public static IEnumerable<PolicyKey> All => Known.Values;

    /// <summary>Null if policies of that kind know no such key.</summary>
    public static PolicyKey? Find(string name, bool isOperator) =>
        Known.GetValueOrDefault(name) is { } key && (isOperator ? key.Caps : !key.OnlyCaps) ? key : null;

    private static bool Text(FieldValue value) => value.Type == FieldType.LongString;

    private static bool Boolean(FieldValue value) => value.Type == FieldType.Boolean;

    private static bool Integer(FieldValue value) => value.IsInteger;

    private static bool NotNegative(FieldValue value) => value.TryGetInteger(out var number) && number >= 0;

    private static Predicate<FieldValue> Between(long least, long most) =>
        value => value.TryGetInteger(out var number) && number >= least && number <= most;

    private static Predicate<FieldValue> OneOf(params string[] known) =>
        value => value.TryGetString(out var text) && known.Contains(text);
}
