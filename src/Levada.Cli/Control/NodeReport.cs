using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Status, configuration and all the rest of a node, in rabbitmqctl's sections.</summary>
internal static class NodeReport
{
    public static async Task StatusAsync(ActionInput i)
    {
        var node = await i.NodeAsync();
        var overview = await i.Api.GetAsync("/api/overview");
        var listeners = await HealthActions.ListenersAsync(i);
        var facts = await FactsAsync(i, node);
        var memory = await MemoryBreakdown.PartsAsync(i, node);
        var totals = overview.GetProperty("object_totals");
        var vhosts = (await i.Api.GetAsync("/api/vhosts")).GetArrayLength();
        i.Say($"Status of node {node} ...");
        var version = overview.GetProperty("product_version").GetString();
        var json = new JsonObject
        {
            ["node"] = node, ["product_name"] = "Levada", ["product_version"] = version,
            ["uptime"] = overview.GetProperty("uptime").GetInt64(), ["pid"] = facts.Pid, ["os"] = facts.Os,
            ["is_under_maintenance"] = facts.IsDrained, ["data_directory"] = facts.DataFolder,
            ["alarms"] = new JsonArray([.. facts.Alarms.Select(static a => (JsonNode)a)]),
            ["disk_free"] = facts.DiskFree,
            ["memory"] = new JsonObject(memory.Select(
                static m => KeyValuePair.Create<string, JsonNode?>(m.Name, m.Bytes))),
            ["totals"] = new JsonObject
            {
                ["virtual_host_count"] = vhosts, ["connection_count"] = Count("connections"),
                ["channel_count"] = Count("channels"), ["queue_count"] = Count("queues"),
                ["consumer_count"] = Count("consumers"),
            },
            ["listeners"] = new JsonArray([.. listeners.Select(l => Json(node, l))]),
        };
        var text = new SectionText(ControlSession.IsOnTerminal);
        text.Section(
            "Runtime", $"OS PID: {facts.Pid}", $"OS: {facts.Os}",
            $"Uptime (seconds): {overview.GetProperty("uptime").GetInt64()}",
            $"Is under maintenance?: {(facts.IsDrained ? "true" : "false")}", $"Levada version: {version}",
            $"Node name: {node}");
        text.Section("Data directory", $"Node data directory: {facts.DataFolder}");
        text.Section("Alarms", facts.Alarms.Count == 0 ? ["(none)"] : [.. facts.Alarms]);
        text.Section(
            "Memory",
            [
                .. memory.Select(static m =>
                    $"{m.Name}: {MemoryBreakdown.In(m.Bytes, "gb")} gb ({MemoryBreakdown.Text(m.Percentage)} %)"),
            ]);
        text.Section("Free Disk Space", $"Free disk space: {MemoryBreakdown.In(facts.DiskFree, "gb")} gb");
        text.Section(
            "Totals", $"Connection count: {Count("connections")}", $"Channel count: {Count("channels")}",
            $"Queue count: {Count("queues")}", $"Consumer count: {Count("consumers")}",
            $"Virtual host count: {vhosts}");
        text.Section("Listeners", [.. listeners.Select(static l => Line(l))]);
        i.Tell(text.ToString(), json);

        long Count(string of) => totals.GetProperty(of).GetInt64();
    }

    public static async Task ClusterAsync(ActionInput i)
    {
        var node = await i.NodeAsync();
        var overview = await i.Api.GetAsync("/api/overview");
        var name = overview.GetProperty("cluster_name").GetString()!;
        var listeners = await HealthActions.ListenersAsync(i);
        var facts = await FactsAsync(i, node);
        i.Say($"Cluster status of node {node} ...");
        var text = new SectionText(ControlSession.IsOnTerminal);
        text.Section("Basics", $"Cluster name: {name}");
        text.Section("Disk Nodes", node);
        text.Section("Running Nodes", node);
        text.Section("Versions", $"{node}: Levada {overview.GetProperty("product_version").GetString()}");
        text.Section(
            "Maintenance status", $"Node: {node}, status: {(facts.IsDrained ? "draining" : "not under maintenance")}");
        text.Section("Alarms", facts.Alarms.Count == 0 ? ["(none)"] : [.. facts.Alarms]);
        text.Section("Network Partitions", "(none)");
        text.Section("Listeners", [.. listeners.Select(l => $"Node: {node}, i{Line(l)[1..]}")]);
        i.Tell(text.ToString(), new JsonObject
        {
            ["alarms"] = new JsonArray([.. facts.Alarms.Select(static a => (JsonNode)a)]), ["cluster_name"] = name,
            ["disk_nodes"] = new JsonArray(node), ["running_nodes"] = new JsonArray(node),
            ["partitions"] = new JsonObject(),
            ["listeners"] = new JsonObject
            {
                [node] = new JsonArray([.. listeners.Select(l => Json(node, l))]),
            },
        });
    }

    public static async Task EnvironmentAsync(ActionInput i)
    {
        var settings = Settings(await i.Api.GetAsync("/api/config/effective"));
        i.Say($"Application environment of node {await i.NodeAsync()} ...");
        i.Tell(
            string.Join('\n', settings.Select(static s => $"{s.Name} = {s.Value}")),
            new JsonObject(settings.Select(static s => KeyValuePair.Create<string, JsonNode?>(s.Name, s.Value))));
    }

    public static async Task ReportAsync(ActionInput i)
    {
        i.Say($"Reporting server status of node {await i.NodeAsync()} ...");
        foreach (var part in (Func<ActionInput, Task>[])[StatusAsync, ClusterAsync, EnvironmentAsync])
        {
            Console.Out.WriteLine();
            await part(i);
        }
        foreach (var listing in Listings.All.Where(static l => l.About == ListingAbout.Nothing))
            await ShowAsync(listing, "");
        foreach (var vhost in (await i.Api.GetAsync("/api/vhosts")).EnumerateArray())
        {
            foreach (var listing in Listings.All.Where(static l => l.About == ListingAbout.VHost))
                await ShowAsync(listing, vhost.GetProperty("name").GetString()!);
        }

        async Task ShowAsync(Listing listing, string about)
        {
            Console.Out.WriteLine();
            i.Say(string.Format(CultureInfo.InvariantCulture, listing.Banner, about));
            i.Session.Show(listing.Columns, await ListCommand.RowsAsync(i.Session, listing, about));
        }
    }

    /// <summary>Keys and values of the configuration, in whatever shape the API gives them.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings(JsonElement effective)
    {
        var list = effective.ValueKind == JsonValueKind.Object && effective.TryGetProperty("settings", out var inner)
            ? inner : effective;
        return list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(static s => (NameIn(s), RowWriter.Text(Property(s, "value"))))]
            : [.. list.EnumerateObject().Select(static p => (p.Name, RowWriter.Text(
                p.Value.ValueKind == JsonValueKind.Object ? Property(p.Value, "value") : p.Value)))];

        static string NameIn(JsonElement setting) =>
            RowWriter.Text(Property(setting, "key") is { ValueKind: JsonValueKind.String } key ? key
                : Property(setting, "name"));

        static JsonElement Property(JsonElement of, string name) =>
            of.TryGetProperty(name, out var value) ? value : default;
    }

    public static string PurposeOf(string protocol) => protocol switch
    {
        "amqp" => "AMQP 0-9-1",
        "amqps" or "amqp/ssl" => "AMQP 0-9-1 over TLS",
        "http" => "HTTP API",
        "https" => "HTTP API over TLS",
        _ => protocol,
    };

    public static JsonNode Json(string node, (string Interface, int Port, string Protocol) listener) => new JsonObject
    {
        ["interface"] = listener.Interface, ["node"] = node, ["port"] = listener.Port,
        ["protocol"] = listener.Protocol, ["purpose"] = PurposeOf(listener.Protocol),
    };

    private static string Line((string Interface, int Port, string Protocol) l) =>
        $"Interface: {l.Interface}, port: {l.Port}, protocol: {l.Protocol}, purpose: {PurposeOf(l.Protocol)}";

    private static async Task<NodeFacts> FactsAsync(ActionInput i, string name)
    {
        JsonElement node = default;
        try
        {
            node = await i.Api.GetAsync(BrokerApi.Path("nodes", name));
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.NotFound)
        {
            // An older broker, which tells less of itself.
        }
        var settings = Settings(await i.Api.GetAsync("/api/config/effective"));
        var alarms = new List<string>();
        if (Is(node, "mem_alarm"))
            alarms.Add($"Memory alarm on node {name}");
        if (Is(node, "disk_free_alarm"))
            alarms.Add($"Free disk space alarm on node {name}");
        return new NodeFacts(
            RowWriter.Text(Of(node, "os_pid")), Environment.OSVersion.Platform == PlatformID.Unix ? "Linux" : "other",
            Is(node, "being_drained"),
            Of(node, "db_dir") is { ValueKind: JsonValueKind.String } folder ? folder.GetString()!
                : settings.FirstOrDefault(static s => s.Name == "data_dir").Value ?? "",
            Of(node, "disk_free") is { ValueKind: JsonValueKind.Number } free ? free.GetInt64() : 0, alarms);

        static JsonElement Of(JsonElement node, string key) =>
            node.ValueKind == JsonValueKind.Object && node.TryGetProperty(key, out var value) ? value : default;

        static bool Is(JsonElement node, string key) => Of(node, key).ValueKind == JsonValueKind.True;
    }
}
