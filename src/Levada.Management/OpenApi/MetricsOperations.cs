namespace Levada.Management.OpenApi;

/// <summary>Figures for Prometheus.</summary>
internal static class MetricsOperations
{
    public static IReadOnlyDictionary<string, Operation> All { get; } = new Dictionary<string, Operation>
    {
        ["GET /metrics"] = Figures("Figures for Prometheus"),
        ["GET /metrics/per-object"] = Figures("The same with those of each connection, channel and queue"),
        ["GET /metrics/detailed"] = Figures("Families of figures of each object") with
        {
            Query =
            [
                ("family", "Which; may be repeated; docs/metrics.md has them all"),
                ("vhost", "Only of this virtual host; may be repeated"), Prefix,
            ],
        },
        ["GET /metrics/memory-breakdown"] = Figures("Where the process's memory is"),
    };

    private static (string, string) Prefix => ("prefix", "What names begin with instead of rabbitmq");

    private static Operation Figures(string summary) => new(summary)
    {
        MediaType = "text/plain", Query = [("vhost", "Only of this virtual host; may be repeated"), Prefix],
    };
}
