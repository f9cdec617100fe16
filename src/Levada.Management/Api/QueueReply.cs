using System.Text.Json.Serialization;
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

    public required long MessagesReady { get; init; }

    public required long MessagesUnacknowledged { get; init; }

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

    public static QueueReply Of(Queue queue, string node)
    {
        var (ready, unacked) = (queue.Ready, queue.Unacked);
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
            MessagesReady = ready,
            MessagesUnacknowledged = unacked,
            MessageBytesReady = queue.ReadyBytes,
            MessageBytesUnacknowledged = queue.UnackedBytes,
            Policy = queue.Policies.Own?.Name,
            OperatorPolicy = queue.Policies.Operator?.Name,
            EffectivePolicyDefinition = queue.Policies.Definition,
            MessageStats = QueueStatsReply.Of(queue.Counters),
        };
    }
}
