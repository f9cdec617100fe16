using Levada.Tracing;

namespace Levada.Management.Api;

/// <summary>A trace, and a part of its entries.</summary>
internal sealed record TraceReply
{
    /// <summary>The connection's or the channel's.</summary>
    public required string Name { get; init; }

    /// <summary>recording, ended.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended.</summary>
    public string? EndedBecause { get; init; }

    public required string StartedBy { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>After which it stops by itself.</summary>
    public required double Seconds { get; init; }

    public required int Bytes { get; init; }

    public required int BodyBytes { get; init; }

    /// <summary>The numbers of the oldest and the newest entry there are.</summary>
    public required long Oldest { get; init; }

    public required long Newest { get; init; }

    /// <summary>Entries that are gone, since newer ones needed their place.</summary>
    public required long Dropped { get; init; }

    /// <summary>What to ask for as `since` to get those after these.</summary>
    public required long Last { get; init; }

    public required IReadOnlyList<TraceEntryReply> Entries { get; init; }

    public static TraceReply Of(Trace trace, TraceReading reading, IReadOnlyList<TraceEntryReply> entries) => new()
    {
        Name = trace.Name,
        State = reading.EndedBecause is null ? "recording" : "ended",
        EndedBecause = reading.EndedBecause,
        StartedBy = trace.Request.StartedBy,
        StartedAt = trace.StartedAt,
        Seconds = trace.Request.Time.TotalSeconds,
        Bytes = trace.Request.Bytes,
        BodyBytes = trace.Request.BodyMax,
        Oldest = reading.Oldest,
        Newest = reading.Newest,
        Dropped = reading.Oldest - 1,
        Last = reading.First + entries.Count - 1,
        Entries = entries,
    };
}
