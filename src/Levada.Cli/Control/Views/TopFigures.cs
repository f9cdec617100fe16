using System.Text.Json;

namespace Levada.Cli.Control.Views;

/// <summary>What <c>levada top</c> shows above its table: the node as a whole, and what is wrong.</summary>
internal sealed class TopFigures(BrokerApi api)
{
    private static readonly ViewColumn[] Rates =
    [
        new("publish", "message_stats/publish", ViewKind.Rate),
        new("deliver", "message_stats/deliver_get", ViewKind.Rate), new("ack", "message_stats/ack", ViewKind.Rate),
    ];

    private JsonElement _before;
    private long _askedAt;
    private bool _hasNodes = true;

    /// <summary>A line about the node, one about messages, and one for each alarm and warning.</summary>
    public IReadOnlyList<string> Lines { get; private set; } = [];

    /// <summary>How many of these, at the end, are warnings.</summary>
    public int Warnings { get; private set; }

    /// <exception cref="ControlException">The broker cannot be reached, or refuses.</exception>
    public async Task ReadAsync()
    {
        var overview = await api.GetAsync("/api/overview");
        var now = Environment.TickCount64;
        var seconds = _askedAt == 0 ? 0 : (now - _askedAt) / 1000.0;
        var totals = overview.GetProperty("object_totals");
        var queues = overview.GetProperty("queue_totals");
        var rates = Rates.Select(r =>
            r.NumberIn(overview, _before, seconds) is var rate && double.IsNaN(rate) ? $"{r.Title} ..."
                : $"{r.Title} {r.Show(rate)}/s");
        var warnings = await WarningsAsync();
        Lines =
        [
            $"{Text(overview, "node")}  {Text(overview, "product_name")} {Text(overview, "product_version")}  "
            + $"up {new ViewColumn("", "", ViewKind.Milliseconds).Show(Number(overview, "uptime") * 1000)}"
            + await MemoryAsync(),
            $"connections {Number(totals, "connections")}  channels {Number(totals, "channels")}  "
            + $"queues {Number(totals, "queues")}  consumers {Number(totals, "consumers")}",
            $"ready {Number(queues, "messages_ready")}  unacked {Number(queues, "messages_unacknowledged")}  "
            + string.Join("  ", rates),
            .. warnings,
        ];
        Warnings = warnings.Count;
        (_before, _askedAt) = (overview, now);
    }

    private async Task<List<string>> WarningsAsync()
    {
        var lines = new List<string>();
        try
        {
            await api.GetAsync("/api/health/checks/alarms");
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            lines.Add($"alarm: {e.Message}");
        }
        foreach (var warning in (await api.GetAsync("/api/warnings")).EnumerateArray())
            lines.Add($"{Text(warning, "name")}: {Text(warning, "channel") ?? Text(warning, "connection")}: "
                + $"{Text(warning, "what")}");
        return lines;
    }

    private async Task<string> MemoryAsync()
    {
        if (!_hasNodes)
            return "";
        try
        {
            var nodes = await api.GetAsync("/api/nodes");
            return nodes.ValueKind == JsonValueKind.Array && nodes.GetArrayLength() > 0
                ? $"  memory {new ViewColumn("", "", ViewKind.Bytes).Show(Number(nodes[0], "mem_used"))}"
                : "";
        }
        catch (ControlException e) when (e.Status is not null)
        {
            // Who may not monitor is not told.
            _hasNodes = false;
            return "";
        }
    }

    private static string? Text(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double Number(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
