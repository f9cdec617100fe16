namespace Levada.Management.Metrics;

/// <summary>Log lines that were lost.</summary>
internal static class LogMetrics
{
    public static void Write(MetricsText text, Broker broker)
    {
        text.Family(
            "levada_log_lines_dropped_total", "counter",
            "Log lines lost, since the output was too slow or could not be written");
        foreach (var (output, lines) in broker.Log.Dropped())
            text.Sample("levada_log_lines_dropped_total", lines, ("output", output));
    }
}
