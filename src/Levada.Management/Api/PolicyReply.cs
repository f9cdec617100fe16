using System.Text.Json.Serialization;
using Levada.Policies;
using Levada.Protocol;

namespace Levada.Management.Api;

/// <summary>A policy or operator policy.</summary>
internal sealed record PolicyReply
{
    public required string Vhost { get; init; }

    public required string Name { get; init; }

    public required string Pattern { get; init; }

    [JsonPropertyName("apply-to")]
    public required string ApplyTo { get; init; }

    [JsonConverter(typeof(FieldTableConverter))]
    public required FieldTable Definition { get; init; }

    public required int Priority { get; init; }

    public static PolicyReply Of(Policy policy) => new()
    {
        Vhost = policy.VHost,
        Name = policy.Name,
        Pattern = policy.Pattern.Text,
        ApplyTo = policy.ApplyTo.Name(),
        Definition = policy.Definition,
        Priority = policy.Priority,
    };
}
