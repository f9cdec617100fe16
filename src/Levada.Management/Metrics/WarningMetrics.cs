using Levada.Warnings;

namespace Levada.Management.Metrics;

/// <summary>Warnings by name: those that stand, those ever given, those that had no room.</summary>
internal static class WarningMetrics
{
    public static void Write(MetricsText text, WarningBoard board)
    {
        var counts = board.Counts.ToList();
        text.Family("levada_warnings", "gauge", "Warnings that stand; /api/warnings has them");
        foreach (var c in counts)
            text.Sample("levada_warnings", c.Standing, ("name", c.Name));
        text.Family("levada_warnings_raised_total", "counter", "Warnings ever given");
        foreach (var c in counts)
            text.Sample("levada_warnings_raised_total", c.Raised, ("name", c.Name));
        text.Family("levada_warnings_left_out", "gauge", "Warnings for which warning_max leaves no room");
        foreach (var c in counts)
            text.Sample("levada_warnings_left_out", c.LeftOut, ("name", c.Name));
    }
}
