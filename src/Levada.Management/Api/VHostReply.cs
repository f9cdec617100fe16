using System.Text.Json.Serialization;
using Levada.Catalog;
using Levada.Management.Lists;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A virtual host with what is in it now.</summary>
internal sealed record VHostReply
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required string DefaultQueueType { get; init; }

    public required bool ProtectedFromDeletion { get; init; }

    public required bool Tracing { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Metadata { get; init; }

    public required IReadOnlyDictionary<string, string> ClusterState { get; init; }

    public required long Messages { get; init; }

    public required RateReply MessagesDetails { get; init; }

    public required long MessagesReady { get; init; }

    public required RateReply MessagesReadyDetails { get; init; }

    public required long MessagesUnacknowledged { get; init; }

    public required RateReply MessagesUnacknowledgedDetails { get; init; }

    public required long RecvOct { get; init; }

    public required RateReply RecvOctDetails { get; init; }

    public required long SendOct { get; init; }

    public required RateReply SendOctDetails { get; init; }

    public required MessageStatsReply MessageStats { get; init; }

    public static VHostReply Of(VHost vhost, string node, VHostSample now, Details details)
    {
        var metadata = vhost.Metadata;
        return new VHostReply
        {
            Name = vhost.Name,
            Description = metadata.Description,
            Tags = metadata.Tags,
            DefaultQueueType = metadata.DefaultQueueType ?? "classic",
            ProtectedFromDeletion = metadata.IsProtected,
            Tracing = metadata.IsTracing,
            Metadata = metadata.ToDefinition(),
            ClusterState = new Dictionary<string, string> { [node] = "running" },
            Messages = now.Ready + now.Unacked,
            MessagesDetails = details.Length("messages"),
            MessagesReady = now.Ready,
            MessagesReadyDetails = details.Length("messages_ready"),
            MessagesUnacknowledged = now.Unacked,
            MessagesUnacknowledgedDetails = details.Length("messages_unacknowledged"),
            RecvOct = now.Counters.BytesReceived,
            RecvOctDetails = details.Data("recv_oct"),
            SendOct = now.Counters.BytesSent,
            SendOctDetails = details.Data("send_oct"),
            MessageStats = MessageStatsReply.Of(now.Counters, details),
        };
    }
}
