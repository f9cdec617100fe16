using System.Globalization;
using System.Text.Json.Serialization;

namespace Levada.Cli.Perf.Throughput;

/// <summary>
/// What a run came to. The first names, in JSON, are lavinmqperf's; the others are added behind them.
/// </summary>
internal sealed record ThroughputSummary
{
    public double ElapsedSeconds { get; init; }

    public long AvgPubRate { get; init; }

    public long AvgConsumeRate { get; init; }

    public double? LatencyMinMs { get; init; }

    public double? LatencyMedianMs { get; init; }

    [JsonPropertyName("latency_p75_ms")]
    public double? LatencyP75Ms { get; init; }

    [JsonPropertyName("latency_p95_ms")]
    public double? LatencyP95Ms { get; init; }

    [JsonPropertyName("latency_p99_ms")]
    public double? LatencyP99Ms { get; init; }

    public long? LatencyCount { get; init; }

    /// <summary>The same as the count: every message is measured, not a sample.</summary>
    public long? LatencySampleSize { get; init; }

    [JsonPropertyName("latency_p999_ms")]
    public double? LatencyP999Ms { get; init; }

    public double? LatencyMaxMs { get; init; }

    public double? ConfirmLatencyMedianMs { get; init; }

    [JsonPropertyName("confirm_latency_p99_ms")]
    public double? ConfirmLatencyP99Ms { get; init; }

    public double? ConfirmLatencyMaxMs { get; init; }

    public long Published { get; init; }

    public long Consumed { get; init; }

    public long Nacked { get; init; }

    /// <summary>User and system time of this program during the run.</summary>
    public double ClientCpuSeconds { get; init; }

    public ThroughputSummary WithLatency(LatencyHistogram? endToEnd, LatencyHistogram? confirm)
    {
        var result = this;
        if (endToEnd is { Count: > 0 })
        {
            result = result with
            {
                LatencyMinMs = Milliseconds(endToEnd.Min),
                LatencyMedianMs = Milliseconds(endToEnd.Percentile(0.5)),
                LatencyP75Ms = Milliseconds(endToEnd.Percentile(0.75)),
                LatencyP95Ms = Milliseconds(endToEnd.Percentile(0.95)),
                LatencyP99Ms = Milliseconds(endToEnd.Percentile(0.99)),
                LatencyP999Ms = Milliseconds(endToEnd.Percentile(0.999)),
                LatencyMaxMs = Milliseconds(endToEnd.Max),
                LatencyCount = endToEnd.Count,
                LatencySampleSize = endToEnd.Count,
            };
        }
        if (confirm is { Count: > 0 })
        {
            result = result with
            {
                ConfirmLatencyMedianMs = Milliseconds(confirm.Percentile(0.5)),
                ConfirmLatencyP99Ms = Milliseconds(confirm.Percentile(0.99)),
                ConfirmLatencyMaxMs = Milliseconds(confirm.Max),
            };
        }
        return result;
    }

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("Summary:");
        output.WriteLine($"Average publish rate: {AvgPubRate} msgs/s");
        output.WriteLine($"Average consume rate: {AvgConsumeRate} msgs/s");
        if (Nacked > 0) output.WriteLine($"Refused by the broker (nack): {Nacked}");
        if (LatencyCount is not null)
        {
            output.WriteLine($"Latency (ms, n={LatencyCount}):");
            Line(output, "min", LatencyMinMs);
            Line(output, "median", LatencyMedianMs);
            Line(output, "75th", LatencyP75Ms);
            Line(output, "95th", LatencyP95Ms);
            Line(output, "99th", LatencyP99Ms);
            Line(output, "99.9th", LatencyP999Ms);
            Line(output, "max", LatencyMaxMs);
        }
        if (ConfirmLatencyMedianMs is not null)
        {
            output.WriteLine("Publish to confirm (ms):");
            Line(output, "median", ConfirmLatencyMedianMs);
            Line(output, "99th", ConfirmLatencyP99Ms);
            Line(output, "max", ConfirmLatencyMaxMs);
        }
        var messages = Math.Max(1, Published + Consumed);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Client CPU: {ClientCpuSeconds:F2} s, {ClientCpuSeconds * 1e6 / messages:F3} µs a publish or delivery"));
    }

    internal static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static void Line(TextWriter output, string name, double? value) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {name + ":",-8} {value}"));
}
