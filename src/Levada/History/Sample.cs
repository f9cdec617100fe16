namespace Levada.History;

/// <summary>What a figure was at a moment, in milliseconds since 1970.</summary>
public readonly record struct Sample(long Value, long TimestampMs);
