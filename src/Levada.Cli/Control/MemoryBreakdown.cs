using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>What the broker's memory is used for, the largest first, as rabbitmq-diagnostics shows it.</summary>
internal static class MemoryBreakdown
{
    public static async Task ShowAsync(ActionInput i)
    {
        var unit = i.Option("--unit") ?? "gb";
        if (unit is not ("bytes" or "mb" or "gb"))
        {
            throw new ControlException(
                ControlExit.Usage, $"unit '{unit}' is not supported. Please use one of: bytes, mb, gb");
        }
        var node = await i.NodeAsync();
        var parts = await PartsAsync(i, node);
        i.Say($"Reporting memory breakdown on node {node}...");
        if (i.Session.Format == OutputFormat.Csv)
        {
            var fields = parts.SelectMany(static p => new (string Name, string Value)[]
            {
                ($"{p.Name}.percentage", p.Percentage.ToString(CultureInfo.InvariantCulture)),
                ($"{p.Name}.bytes", p.Bytes.ToString(CultureInfo.InvariantCulture)),
            }).ToList();
            Console.Out.WriteLine(string.Join(',', fields.Select(static f => RowWriter.Quoted(f.Name))));
            Console.Out.WriteLine(string.Join(',', fields.Select(static f => RowWriter.Quoted(f.Value))));
            return;
        }
        i.Tell(
            string.Join('\n', parts.Select(p => $"{p.Name}: {In(p.Bytes, unit)} {unit} ({Text(p.Percentage)}%)")),
            new JsonObject(parts.Select(static p => KeyValuePair.Create<string, JsonNode?>(
                p.Name, new JsonObject { ["bytes"] = p.Bytes, ["percentage"] = p.Percentage }))));
    }

    /// <summary>Of the memory that the process takes of the machine's.</summary>
    public static async Task<IReadOnlyList<(string Name, long Bytes, double Percentage)>> PartsAsync(
        ActionInput i, string node)
    {
        var answer = await i.Api.GetAsync(BrokerApi.Path("nodes", node, "memory"));
        var memory = answer.GetProperty("memory");
        var parts = memory.EnumerateObject().Where(static p => p.Value.ValueKind == JsonValueKind.Number)
            .Select(static p => (p.Name, Bytes: p.Value.GetInt64())).OrderByDescending(static p => p.Bytes).ToList();
        var total = memory.TryGetProperty("total", out var totals) && totals.ValueKind == JsonValueKind.Object
            && totals.TryGetProperty("rss", out var resident) ? resident.GetInt64() : parts.Sum(static p => p.Bytes);
        return [.. parts.Select(p => (p.Name, p.Bytes, Math.Round(p.Bytes * 100.0 / Math.Max(1, total), 2)))];
    }

    /// <summary>With at most four digits behind the point, and one at least.</summary>
    public static string In(long bytes, string unit) => unit switch
    {
        "mb" => Text(Math.Round(bytes / 1e6, 4)),
        "gb" => Text(Math.Round(bytes / 1e9, 4)),
        _ => bytes.ToString(CultureInfo.InvariantCulture),
    };

    public static string Text(double number) => number.ToString("0.0###", CultureInfo.InvariantCulture);
}
