using System.Text;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Queues;

/// <summary>
/// What a queue does with its messages by itself, as it counts now. Never changes: another one takes its place, as a
/// whole and on the queue's turn.
/// </summary>
public sealed record QueueSettings
{
    /// <summary>A queue that keeps everything until a client takes it.</summary>
    public static QueueSettings None { get; } = new();

    /// <summary>x-message-ttl: how long a message may wait, in ms; null is for ever, 0 not at all.</summary>
    public long? MessageTtlMs { get; init; }

    /// <summary>x-expires: how long the queue may stay unused before it is deleted, in ms; null is for ever.</summary>
    public long? ExpiresMs { get; init; }

    /// <summary>x-max-length: how many messages may be ready.</summary>
    public long? MaxLength { get; init; }

    /// <summary>x-max-length-bytes: how many bytes the bodies of the ready messages may have.</summary>
    public long? MaxLengthBytes { get; init; }

    /// <summary>x-overflow: what happens to one message more.</summary>
    public Overflow Overflow { get; init; }

    /// <summary>x-delivery-limit: a message given back as failed more often than this is dropped.</summary>
    public long? DeliveryLimit { get; init; }

    /// <summary>x-dead-letter-exchange, as it travels; null drops what would be dead-lettered.</summary>
    public byte[]? DeadLetterExchange { get; init; }

    /// <summary>x-dead-letter-routing-key, as it travels; null leaves a message its keys.</summary>
    public byte[]? DeadLetterRoutingKey { get; init; }

    /// <summary>There is a limit on the ready messages.</summary>
    public bool HasMaxLength => MaxLength is not null || MaxLengthBytes is not null;

    /// <summary>consumer-timeout: how old an unsettled delivery may become, in ms; null leaves it to others.</summary>
    public long? ConsumerTimeoutMs { get; init; }

    /// <summary>max-prefetch of an operator policy: how many unsettled deliveries a consumer may hold.</summary>
    public int? MaxPrefetch { get; init; }

    /// <summary>
    /// What a queue's arguments and the policies for it ask for together: of a number the lower one, else the argument.
    /// Both are checked already.
    /// </summary>
    public static QueueSettings Of(FieldTable arguments, AppliedPolicies policies)
    {
        if (arguments.Count == 0 && policies.Definition.Count == 0)
            return None;
        var both = (arguments, policies);
        return new QueueSettings
        {
            MessageTtlMs = Number(both, PolicyKeys.MessageTtl),
            ExpiresMs = Number(both, PolicyKeys.Expires),
            MaxLength = Number(both, PolicyKeys.MaxLength),
            MaxLengthBytes = Number(both, PolicyKeys.MaxLengthBytes),
            Overflow = Text(both, PolicyKeys.Overflow) switch
            {
                "reject-publish" => Overflow.RejectPublish,
                "reject-publish-dlx" => Overflow.RejectPublishDlx,
                _ => Overflow.DropHead,
            },
            // Below 0 is none, as RabbitMQ has it.
            DeliveryLimit = Number(both, PolicyKeys.DeliveryLimit) is >= 0 and var limit ? limit : null,
            DeadLetterExchange = Bytes(both, PolicyKeys.DeadLetterExchange),
            DeadLetterRoutingKey = Bytes(both, PolicyKeys.DeadLetterRoutingKey),
            ConsumerTimeoutMs = Number(both, PolicyKeys.ConsumerTimeout),
            MaxPrefetch = (int?)policies.Number(PolicyKeys.MaxPrefetch),
        };
    }

    /// <summary>Whether one message more, with a body so long, is one too many.</summary>
    public bool IsFull(long ready, long readyBytes, long bodyBytes) =>
        ready + 1 > MaxLength || readyBytes + bodyBytes > MaxLengthBytes;

    private static byte[]? Bytes((FieldTable, AppliedPolicies) both, string key) =>
        Text(both, key) is { } text ? Encoding.UTF8.GetBytes(text) : null;

    private static string? Text((FieldTable Arguments, AppliedPolicies Policies) both, string key) =>
        both.Arguments.TryGet("x-" + key, out var value) && value.TryGetString(out var text)
            ? text
            : both.Policies.Text(key);

    private static long? Number((FieldTable Arguments, AppliedPolicies Policies) both, string key)
    {
        var most = both.Policies.Number(key);
        if (!both.Arguments.TryGet("x-" + key, out var value) || !value.TryGetInteger(out var asked))
            return most;
        return most is { } other ? AppliedPolicies.Lower(key, asked, other) : asked;
    }
}
