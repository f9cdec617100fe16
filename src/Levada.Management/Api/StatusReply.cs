using System.Text.Json;

namespace Levada.Management.Api;

/// <summary>ok, or what a health check found.</summary>
internal sealed record StatusReply(string Status)
{
    public string? Reason { get; init; }

    public string? Protocol { get; init; }

    public int? Port { get; init; }

    /// <summary>The port or protocol that nobody listens for.</summary>
    public JsonElement? Missing { get; init; }

    /// <summary>Those that there are.</summary>
    public IReadOnlyList<int>? Ports { get; init; }

    public IReadOnlyList<string>? Protocols { get; init; }

    /// <summary>Of listeners whose certificates end soon.</summary>
    public IReadOnlyList<string>? Expired { get; init; }
}

/// <summary>Whether there was a queue for a message.</summary>
internal sealed record RoutedReply(bool Routed);
