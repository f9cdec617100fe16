namespace Levada.Cli.Perf.Scenarios;

/// <summary>How often a second something could be done, and how long each took, in milliseconds.</summary>
internal sealed record ChurnResult(
    string Operation, long Count, double PerSecond, double MedianMs, double P99Ms, double MaxMs);
