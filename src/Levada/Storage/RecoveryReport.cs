using Levada.Queues;

namespace Levada.Storage;

/// <summary>What a start found on disk.</summary>
public sealed record RecoveryReport
{
    /// <summary>The last run wrote its exact state before it ended.</summary>
    public required bool CleanStop { get; init; }

    /// <summary>Messages that are ready now.</summary>
    public required long Messages { get; init; }

    /// <summary>Bytes after the last whole record that were never reported durable, and are cut.</summary>
    public required long TornBytes { get; init; }

    /// <summary>Where these bytes are.</summary>
    internal IReadOnlyList<FilePart> Torn { get; init; } = [];

    /// <summary>Queues whose messages were dropped because the catalog no longer has them.</summary>
    public required int DroppedQueues { get; init; }

    /// <summary>What should be there and is not, in words for the log.</summary>
    public required IReadOnlyList<Damage> Damages { get; init; }
}

/// <summary>A part of the disk's content that is lost.</summary>
/// <param name="Queue">The queue it belonged to, if that can be told.</param>
/// <param name="Messages">How many messages or records are lost; at least.</param>
/// <param name="What">File, place and reason.</param>
public sealed record Damage(QueueId? Queue, long Messages, string What)
{
    /// <summary>Where the damaged bytes are, if that is known more closely than by file.</summary>
    internal FilePart? Part { get; init; }
}
