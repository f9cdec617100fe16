using System.Text.Json.Serialization;
using Levada.Amqp;
using Levada.Protocol;
using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>A queue, with RabbitMQ's keys, and LavinMQ's for its bytes.</summary>
internal sealed record QueueReply
{
    public required string Name { get; init; }

    public required string Vhost { get; init; }

    public required string Node { get; init; }

    public required string Type { get; init; }

    public required bool Durable { get; init; }

    public required bool Exclusive { get; init; }

    public required bool AutoDelete { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Arguments { get; init; }

    public required string State { get; init; }

    public required int Consumers { get; init; }

    public required long Messages { get; init; }

    public required RateReply MessagesDetails { get; init; }

    public required long MessagesReady { get; init; }

    public required RateReply MessagesReadyDetails { get; init; }

    public required long MessagesUnacknowledged { get; init; }

    public required RateReply MessagesUnacknowledgedDetails { get; init; }

    public long MessageBytes => MessageBytesReady + MessageBytesUnacknowledged;

    public required long MessageBytesReady { get; init; }

    public required long MessageBytesUnacknowledged { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Policy { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? OperatorPolicy { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable EffectivePolicyDefinition { get; init; }

    public required QueueStatsReply MessageStats { get; init; }

    // RabbitMQ tells what of it is in memory: here that is the operating system's affair.
    public long MessagesRam => Messages;

    public long MessagesReadyRam => MessagesReady;

    public long MessagesUnacknowledgedRam => MessagesUnacknowledged;

    public long MessageBytesRam => MessageBytes;

    public long MessagesPagedOut { get; }

    public long MessageBytesPagedOut { get; }

    /// <summary>Only those of a queue that keeps all: others are not counted by their delivery mode.</summary>
    public long MessagesPersistent => Type == "quorum" ? Messages : 0;

    public long MessageBytesPersistent => Type == "quorum" ? MessageBytes : 0;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long? HeadMessageTimestamp { get; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? RecoverableSlaves { get; }

    /// <summary>By the exchange that it was published to; only where one queue is asked for.</summary>
    public IReadOnlyList<QueueIncoming>? Incoming { get; init; }

    /// <summary>By channel; only where one queue is asked for.</summary>
    public IReadOnlyList<QueueDelivered>? Deliveries { get; init; }

    /// <summary>Only where one queue is asked for.</summary>
    public IReadOnlyList<ConsumerReply>? ConsumerDetails { get; init; }

    /// <summary>1 if a consumer could take a message now, else 0: RabbitMQ's is a mean.</summary>
    public required int ConsumerUtilisation { get; init; }

    public int ConsumerCapacity => ConsumerUtilisation;

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? ExclusiveConsumerTag { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? SingleActiveConsumerTag { get; init; }

    public required long Memory { get; init; }

    public OwnerDetails? OwnerPidDetails { get; init; }

    /// <param name="queue">Of which.</param>
    /// <param name="node">Where it is.</param>
    /// <param name="sample">What it is like now.</param>
    /// <param name="details">The rates of that.</param>
    /// <param name="consumers">Null if they are not told.</param>
    public static QueueReply Of(
        Queue queue, string node, QueueSample sample, Details details, IReadOnlyList<ConsumerReply>? consumers = null)
    {
        var (ready, unacked) = (sample.Ready, sample.Unacked);
        return new QueueReply
        {
            Name = queue.Name,
            Vhost = queue.VHost,
            Node = node,
            Type = queue.Type.Name(),
            Durable = queue.Durable,
            Exclusive = queue.Exclusive,
            AutoDelete = queue.AutoDelete,
            Arguments = queue.Arguments,
            State = queue.IsPaused ? "paused" : "running",
            Consumers = queue.ConsumerCount,
            Messages = ready + unacked,
            MessagesDetails = details.Length("messages"),
            MessagesReady = ready,
            MessagesReadyDetails = details.Length("messages_ready"),
            MessagesUnacknowledged = unacked,
            MessagesUnacknowledgedDetails = details.Length("messages_unacknowledged"),
            MessageBytesReady = queue.ReadyBytes,
            MessageBytesUnacknowledged = queue.UnackedBytes,
            Policy = queue.Policies.Own?.Name,
            OperatorPolicy = queue.Policies.Operator?.Name,
            EffectivePolicyDefinition = queue.Policies.Definition,
            MessageStats = QueueStatsReply.Of(sample.Counters, details),
            ConsumerDetails = consumers,
            ConsumerUtilisation = queue is { HasRoom: true, ConsumerCount: > 0 } ? 1 : 0,
            ExclusiveConsumerTag = queue.ExclusiveConsumerTag,
            SingleActiveConsumerTag = queue.SingleActiveConsumerTag,
            Memory = queue.ReadyBytes + queue.UnackedBytes,
            OwnerPidDetails = queue.Owner is Connection owner
                ? new OwnerDetails(owner.Name, EndPointText.HostOf(owner.Peer), EndPointText.PortOf(owner.Peer))
                : null,
        };
    }
}

/// <summary>The connection that an exclusive queue belongs to.</summary>
internal sealed record OwnerDetails(string Name, string PeerHost, int PeerPort);

/// <summary>What came to the queue and was published to an exchange.</summary>
internal sealed record QueueIncoming(ExchangeName Exchange, RouteStats Stats);

/// <summary>What an open channel was given of the queue.</summary>
internal sealed record QueueDelivered(ConsumerChannel ChannelDetails, DeliveryStats Stats);
