using System.Text.Json.Serialization;
using Levada.Catalog;
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

    public required long MessagesReady { get; init; }

    public required long MessagesUnacknowledged { get; init; }

    public static VHostReply Of(VHost vhost, string node)
    {
        var (metadata, queues) = (vhost.Metadata, vhost.Queues());
        var (ready, unacknowledged) = (queues.Sum(static q => q.Ready), queues.Sum(static q => q.Unacked));
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
            Messages = ready + unacknowledged,
            MessagesReady = ready,
            MessagesUnacknowledged = unacknowledged,
        };
    }
}
