using System.Diagnostics;

namespace Levada.Metrics;

/// <summary>
/// How long the steps of a message's way take. Sampled where it would cost: the clock is read for one post or turn of
/// sixteen, never for a message.
/// </summary>
public sealed class PathTimings
{
    /// <summary>One of so many is timed; the first one is.</summary>
    internal const int SampleEvery = 16;

    private const long Second = 1_000_000;

    /// <summary>From the routing of a channel's publishes of one read to their confirm, in microseconds.</summary>
    public Histogram Confirm { get; } = Latency();

    /// <summary>From its coming to the end of the turn that handed it out, or dropped it, in microseconds.</summary>
    public Histogram InQueue { get; } = Latency();

    /// <summary>Each sync of a journal file, in microseconds.</summary>
    public Histogram Sync { get; } = Latency();

    /// <summary>What the journal was given by each sync, in bytes.</summary>
    public Histogram SyncBytes { get; } = new(
        256, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20, 4 << 20, 16 << 20);

    internal static void AddSince(Histogram histogram, long started) =>
        histogram.Add((long)Stopwatch.GetElapsedTime(started).TotalMicroseconds);

    private static Histogram Latency() => new(
        50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000,
        Second, 5 * Second, 30 * Second, 60 * Second);
}
