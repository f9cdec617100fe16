namespace Levada.Tests.Simulation;

/// <summary>A message that a simulated client published, and what is known of its fate.</summary>
internal sealed class Message
{
    public required int Id { get; init; }

    /// <summary>The session that published it, and which of that session's it is.</summary>
    public required int Publisher { get; init; }

    public required int Number { get; init; }

    public required string Exchange { get; init; }

    public required string Key { get; init; }

    public required bool Mandatory { get; init; }

    public required bool Persistent { get; init; }

    public required int BodyLength { get; init; }

    /// <summary>
    /// Queues that are always there and that it must come to, once it is taken; fewer after a restart.
    /// </summary>
    public required IReadOnlyList<string> MustReach { get; set; }

    /// <summary>Starts of the broker before it was published.</summary>
    public required int Life { get; init; }

    /// <summary>It can reach no queue at all.</summary>
    public bool IsUnroutable { get; init; }

    /// <summary>In a transaction whose commit has not been sent: nobody may see it.</summary>
    public bool IsHidden { get; set; }

    /// <summary>The broker is known to have carried the publish out.</summary>
    public bool IsTaken { get; set; }

    /// <summary>Acknowledged by a confirm, or committed.</summary>
    public bool IsConfirmed { get; set; }

    /// <summary>It was rolled back or never committed.</summary>
    public bool IsForgotten { get; set; }

    public bool IsReturned { get; set; }

    /// <summary>By queue name.</summary>
    public Dictionary<string, Trace> Traces { get; } = new(StringComparer.Ordinal);

    public byte Filler(int at) => (byte)((Id * 31) + at);

    public override string ToString() => $"m{Id} ({Publisher}/{Number} to '{Exchange}' {Key})";
}
