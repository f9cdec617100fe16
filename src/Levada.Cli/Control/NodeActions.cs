using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>The node itself: is it well, what does it hold, take it out of service.</summary>
internal static class NodeActions
{
    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("status", "Shows what runs, since when, and how much there is of what.", [], StatusAsync),
        new("ping", "Asks the broker for a sign of life.", [], async i =>
        {
            await i.Api.GetAsync("/api/overview");
            i.Say("Ping succeeded");
        }),
        new("await_startup", "Waits until the broker answers.", [], AwaitStartupAsync)
        {
            Options = [("--wait", "Seconds to wait at most (default: 300).")],
        },
        new("listeners", "Shows the open ports.", [], async i =>
        {
            var overview = await i.Api.GetAsync("/api/overview");
            i.Session.Show(
                Column.Of("protocol interface=ip_address port"),
                [.. overview.GetProperty("listeners").EnumerateArray()]);
        }),
        new("check_running", "Fails if the broker does not answer.", [], async i =>
        {
            await i.Api.GetAsync("/api/overview");
            i.Say("The node is running");
        }),
        new("check_alarms", "Fails if an alarm is on.", [], CheckAlarmsAsync),
        new("check_local_alarms", "Fails if an alarm is on.", [], CheckAlarmsAsync),
        new("check_port_listener", "Fails if nothing listens on a port.", ["PORT"], i =>
            CheckListenerAsync(i, l => l.GetProperty("port").GetRawText() == i["PORT"], $"port {i["PORT"]}")),
        new("check_protocol_listener", "Fails if nothing listens for a protocol, such as amqp or http.", ["PROTOCOL"],
            i => CheckListenerAsync(
                i, l => Protocol(l.GetProperty("protocol").GetString()!) == Protocol(i["PROTOCOL"]),
                $"protocol {i["PROTOCOL"]}")),
        new("check_port_connectivity", "Fails if a port of the broker takes no connection.", [], CheckPortsAsync)
        {
            Options = [("--address", "Where from here the broker is (default: what each listener is bound to).")],
        },
        new("drain", "Takes the node out of service: no new connections, consumers cancelled, the rest closed at last.",
            [], async i =>
            {
                i.Say("Draining the node ...");
                await i.PostAsync("/api/drain");
            }),
        new("revive", "Puts a drained node back into service.", [], async i =>
        {
            i.Say("Reviving the node ...");
            await i.PostAsync("/api/revive");
        }),
        new("export_definitions", "Writes all definitions, of one vhost if --vhost is given, as JSON.", ["[FILE]"],
            ExportAsync),
        new("import_definitions", "Takes definitions over: all or nothing.", ["[FILE]"], ImportAsync)
        {
            Flags = [("--dry-run", "Only show what would change.")],
        },
    ];

    private static async Task StatusAsync(ActionInput i)
    {
        i.Say("Status of the node ...");
        var overview = await i.Api.GetAsync("/api/overview");
        var totals = overview.GetProperty("object_totals");
        var queues = overview.GetProperty("queue_totals");
        var uptime = TimeSpan.FromSeconds(overview.GetProperty("uptime").GetInt64());
        var rows = new JsonObject
        {
            ["node"] = overview.GetProperty("node").GetString(),
            ["product"] = $"{overview.GetProperty("product_name").GetString()} "
                + overview.GetProperty("product_version").GetString(),
            ["uptime"] = uptime.ToString("c", CultureInfo.InvariantCulture),
        };
        foreach (var total in totals.EnumerateObject().Concat(queues.EnumerateObject()))
            rows[total.Name] = total.Value.GetInt64();
        i.Session.Show(
            Column.Of("name value"),
            [.. rows.Select(static r => JsonElement.Parse(
                new JsonObject { ["name"] = r.Key, ["value"] = r.Value!.DeepClone() }.ToJsonString()))]);
    }

    private static async Task AwaitStartupAsync(ActionInput i)
    {
        i.Say("Waiting for the broker ...");
        var seconds = i.Option("--wait") is not { } text ? 300
            : double.TryParse(text, CultureInfo.InvariantCulture, out var given) ? given
            : throw new ControlException(ControlExit.Usage, $"--wait {text} is no number");
        for (var end = Environment.TickCount64 + (long)(seconds * 1000); ;)
        {
            try
            {
                await i.Api.GetAsync("/api/overview");
                return;
            }
            catch (ControlException e) when (e.ExitCode == ControlExit.Unavailable && Environment.TickCount64 < end)
            {
                await Task.Delay(100);
            }
        }
    }

    private static async Task CheckAlarmsAsync(ActionInput i)
    {
        try
        {
            await i.Api.GetAsync("/api/health/checks/alarms");
        }
        catch (ControlException e) when (e.Status == System.Net.HttpStatusCode.ServiceUnavailable)
        {
            throw new ControlException(ControlExit.NotWell, e.Message);
        }
        i.Say("The node reported no alarms");
    }

    private static async Task CheckListenerAsync(ActionInput i, Func<JsonElement, bool> wanted, string what)
    {
        var overview = await i.Api.GetAsync("/api/overview");
        if (!overview.GetProperty("listeners").EnumerateArray().Any(wanted))
            throw new ControlException(ControlExit.NotWell, $"no listener for {what}");
        i.Say($"A listener for {what} is running");
    }

    // RabbitMQ's names for the same.
    private static string Protocol(string name) => name switch
    {
        "amqp091" or "amqp0-9-1" => "amqp",
        "amqps" => "amqp/ssl",
        "https" => "http/ssl",
        _ => name,
    };

    private static async Task CheckPortsAsync(ActionInput i)
    {
        var overview = await i.Api.GetAsync("/api/overview");
        foreach (var listener in overview.GetProperty("listeners").EnumerateArray())
        {
            var port = listener.GetProperty("port").GetInt32();
            if (port == 0)
                continue;
            var bound = listener.GetProperty("ip_address").GetString()!;
            var host = i.Option("--address") ?? (bound is "::" or "0.0.0.0" ? "localhost" : bound);
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(host, port);
            }
            catch (SocketException e)
            {
                throw new ControlException(ControlExit.NotWell, $"{host}:{port}: {e.Message}");
            }
        }
        i.Say("All ports take connections");
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
        i.Say($"Importing definitions in JSON from {(file == "-" ? "standard input" : $"a file at \"{file}\"")} ...");
        var text = file == "-" ? await Console.In.ReadToEndAsync() : await File.ReadAllTextAsync(file);
        JsonNode? definitions;
        try
        {
            definitions = JsonNode.Parse(text);
        }
        catch (JsonException e)
        {
            throw new ControlException(ControlExit.Usage, $"{file} is no JSON: {e.Message}");
        }
        var path = DefinitionsPath(i) + (i.Flag("--dry-run") ? "?dry_run=true" : "");
        var answer = await i.Api.SendAsync(HttpMethod.Post, path, definitions);
        if (answer.Length > 0)
            Console.Out.WriteLine(answer);
    }

    private static string DefinitionsPath(ActionInput i) =>
        i.Session.IsVHostGiven ? BrokerApi.Path("definitions", i.VHost) : "/api/definitions";
}
