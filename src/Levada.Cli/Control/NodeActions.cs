using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>The node itself: what it is, holds and uses; its log; its definitions.</summary>
internal static class NodeActions
{
    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("status", "Shows what runs, since when, what it uses, and how much there is of what.", [],
            NodeReport.StatusAsync),
        new("cluster_status", "Shows the node as a cluster of one.", [], NodeReport.ClusterAsync),
        new("environment", "Shows every key of the configuration with its value.", [], NodeReport.EnvironmentAsync),
        new("report", "Shows all that somebody who helps would ask for.", [], NodeReport.ReportAsync),
        new("memory_breakdown", "Shows what the memory is used for.", [], MemoryBreakdown.ShowAsync)
        {
            Options = [("--unit", "bytes, mb or gb (default: gb).")],
        },
        new("version", "Shows this program's version.", [], i =>
        {
            i.Tell(Broker.Version);
            return Task.CompletedTask;
        }),
        new("server_version", "Shows the broker's version.", [], async i =>
        {
            var overview = await i.Api.GetAsync("/api/overview");
            i.Say($"Asking node {await i.NodeAsync()} for its Levada version...");
            i.Tell(overview.GetProperty("product_version").GetString()!);
        }),
        new("listeners", "Shows the open ports.", [], ListenersAsync),
        new("log_location", "Shows where the log goes.", [], async i =>
        {
            i.Say($"Log file location(s) on node {await i.NodeAsync()} ...");
            i.Tell(await LogFileAsync(i) ?? "<stderr>");
        }),
        new("log_tail", "Shows the log's last lines.", [], async i =>
        {
            var count = int.TryParse(i.Option("--number"), CultureInfo.InvariantCulture, out var n) && n > 0 ? n : 50;
            i.Say($"Last {count} log lines on node {await i.NodeAsync()} ...");
            var log = await i.Api.SendAsync(HttpMethod.Get, "/api/logs");
            foreach (var line in log.TrimEnd('\n').Split('\n').TakeLast(count))
                Console.Out.WriteLine(line);
        })
        {
            Options = [("--number", "How many (default: 50).")],
            Aliases = { ["--number"] = "-N" },
        },
        new("log_tail_stream", "Shows what comes into the log, until Ctrl+C.", [], async i =>
        {
            i.Say($"Streaming logs from node {await i.NodeAsync()} ...");
            await BrokerStream.FollowLogAsync(i);
        })
        {
            Options = [("--duration", "Ends after so many seconds.")],
        },
        new("consume_event_stream", "Shows what comes and goes, a JSON object a line, until Ctrl+C.", [], async i =>
        {
            i.Say($"Streaming logs from node {await i.NodeAsync()} ...");
            await BrokerStream.FollowEventsAsync(i);
        })
        {
            Options =
            [
                ("--duration", "Ends after so many seconds."), ("--pattern", "Regular expression for kinds of events."),
            ],
            Aliases = { ["--duration"] = "-d" },
        },
        new("force_gc", "Has the broker give back memory that it does not need.", [], async i =>
        {
            i.Say($"Will ask all processes on node {await i.NodeAsync()} to schedule a full sweep GC");
            await i.PostAsync("/api/nodes/gc_collect");
        }),
        new("gc_collect", "The same.", [], static i => i.PostAsync("/api/nodes/gc_collect")) { IsHidden = true },
        new("tls_versions", "Shows the versions of TLS that there are.", [], i =>
        {
            i.Say("Listing all TLS versions supported by the runtime...");
            i.Tell("tlsv1.3\ntlsv1.2", new JsonObject { ["versions"] = new JsonArray("tlsv1.3", "tlsv1.2") });
            return Task.CompletedTask;
        }),
        new("resolve_hostname", "Shows the addresses of a host.", ["HOSTNAME"], ResolveAsync) { IsHidden = true },
        new("list_feature_flags", "There are none: all is always on.", [], i =>
        {
            i.Say("Listing feature flags ...");
            i.Session.Show(Column.Of("name state"), []);
            return Task.CompletedTask;
        }) { IsHidden = true },
        new("list_unresponsive_queues", "There are none: a queue needs nobody to answer.", [], i =>
        {
            i.Say($"Listing unresponsive queues for vhost {i.VHost} ...");
            i.Session.Show(Column.Of("name"), []);
            return Task.CompletedTask;
        }) { IsHidden = true },
        new("list_deprecated_features", "There are none.", [], i =>
        {
            i.Say("Listing deprecated features ...");
            i.Session.Show(Column.Of("name state"), []);
            return Task.CompletedTask;
        }) { IsHidden = true },
        new("check_if_any_deprecated_features_are_used", "There are none.", [], async i =>
        {
            i.Say($"Checking if any deprecated features are used on node {await i.NodeAsync()} ...");
            i.Tell("No deprecated features in use");
        }) { IsHidden = true },
        new("list_hashes", "Shows what passwords may be hashed with.", [], i =>
        {
            i.Say("Listing supported hash algorithms ...");
            i.Tell("[sha512,sha256,md5]");
            return Task.CompletedTask;
        }) { IsHidden = true },
        new("autocomplete", "Shows the commands that begin like this.", ["PREFIX"], i =>
        {
            foreach (var name in new CommandTree().Root.Subcommands.Select(static c => c.Name)
                .Where(name => name.StartsWith(i["PREFIX"], StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                Console.Out.WriteLine(name);
            }
            return Task.CompletedTask;
        }) { IsHidden = true },
        new("set_cluster_name", "Sets the name that clients are told.", ["NAME"], i =>
        {
            i.Say($"Setting cluster name to {i["NAME"]} ...");
            return i.PutAsync("/api/cluster-name", new JsonObject { ["name"] = i["NAME"] });
        }),
        new("export_definitions", "Writes all definitions, of one vhost if --vhost is given, as JSON.", ["[FILE]"],
            ExportAsync),
        new("import_definitions", "Takes definitions over: all or nothing.", ["[FILE]"], ImportAsync),
    ];

    private static async Task ListenersAsync(ActionInput i)
    {
        var node = await i.NodeAsync();
        i.Say($"Asking node {node} to report its protocol listeners ...");
        var listeners = await HealthActions.ListenersAsync(i);
        i.Tell(
            string.Join('\n', listeners.Select(static l =>
                $"Interface: {l.Interface}, port: {l.Port}, protocol: {l.Protocol}, "
                + $"purpose: {NodeReport.PurposeOf(l.Protocol)}")),
            new JsonObject
            {
                ["listeners"] = new JsonArray([.. listeners.Select(l => NodeReport.Json(node, l))]), ["node"] = node,
                ["result"] = "ok",
            });
    }

    private static async Task ResolveAsync(ActionInput i)
    {
        i.Say($"Asking node {await i.NodeAsync()} to resolve hostname {i["HOSTNAME"]} to IPv4 addresses...");
        try
        {
            foreach (var address in await System.Net.Dns.GetHostAddressesAsync(
                i["HOSTNAME"], System.Net.Sockets.AddressFamily.InterNetwork))
            {
                i.Tell(address.ToString());
            }
        }
        catch (System.Net.Sockets.SocketException e)
        {
            throw new ControlException(ControlExit.NotWell, e.Message);
        }
    }

    private static async Task<string?> LogFileAsync(ActionInput i)
    {
        var settings = await i.Api.GetAsync("/api/config/effective");
        var found = NodeReport.Settings(settings).FirstOrDefault(static s => s.Name == "log.file").Value;
        return found is { Length: > 0 } file && file is not ("none" or "false") ? file : null;
    }

    private static async Task ExportAsync(ActionInput i)
    {
        var text = await i.Api.SendAsync(HttpMethod.Get, DefinitionsPath(i));
        if (i.Optional("FILE") is not { } file || file == "-")
        {
            Console.Out.WriteLine(text);
            return;
        }
        i.Say($"Exporting definitions in JSON to a file at \"{file}\" ...");
        await File.WriteAllTextAsync(file, text);
    }

    private static async Task ImportAsync(ActionInput i)
    {
        var file = i.Optional("FILE") ?? "-";
        if (file != "-" && !File.Exists(file))
            throw new ControlException(ControlExit.BadData, $"File {file} does not exist");
        i.Say($"Importing definitions in JSON from {(file == "-" ? "standard input" : $"a file at \"{file}\"")} ...");
        var text = file == "-" ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(file);
        JsonNode? definitions;
        try
        {
            definitions = JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ControlException(ControlExit.BadData, $"{file} is no JSON: {e.Message}");
        }
        var path = DefinitionsPath(i) + (i.Session.Api.IsDryRun ? "?dry_run=true" : "");
        var answer = await i.Api.SendAsync(HttpMethod.Post, path, definitions, isHarmless: true);
        if (answer.Length > 0)
            Console.Out.WriteLine(answer);
    }

    private static string DefinitionsPath(ActionInput i) =>
        i.Session.IsVHostGiven ? BrokerApi.Path("definitions", i.VHost) : "/api/definitions";
}
