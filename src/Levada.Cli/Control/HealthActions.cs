using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>Is the node well? By rabbitmqctl's and rabbitmq-diagnostics' names, texts and exit codes.</summary>
internal static class HealthActions
{
    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("ping", "Asks the broker for a sign of life.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Will ping {node}. This only checks if the broker answers.");
            i.Tell("Ping succeeded");
        }),
        new("await_startup", "Waits until the broker answers.", [], AwaitStartupAsync)
        {
            Options = [("--wait", "Seconds to wait at most (default: 300).")],
        },
        new("await_online_nodes", "Waits until the broker answers.", ["[COUNT]"], AwaitStartupAsync)
        {
            IsHidden = true,
        },
        new("check_running", "Fails if the broker does not answer.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Checking if Levada is running on node {node} ...");
            i.Tell($"Levada on node {node} is fully booted and running");
        }),
        new("is_running", "Says whether the broker answers.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Asking node {node} for its status ...");
            i.Tell($"Levada on node {node} is fully booted and running");
        }),
        new("is_booting", "Says that a broker that answers has started.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Asking node {node} for its boot status ...");
            i.Tell($"Levada on node {node} is fully booted (check with is_running), "
                + "stopped or has not started booting yet");
        }) { IsHidden = true },
        new("check_alarms", "Fails if an alarm is on.", [], i => CheckAlarmsAsync(i, "alarms, local or clusterwide")),
        new("check_local_alarms", "Fails if an alarm is on.", [], i => CheckAlarmsAsync(i, "local alarms")),
        new("node_health_check", "Fails if an alarm is on.", [], i => CheckAlarmsAsync(i, "alarms"))
        {
            IsHidden = true,
        },
        new("alarms", "Shows the alarms that are on.", [], ShowAlarmsAsync),
        new("check_port_listener", "Fails if nothing listens on a port.", ["PORT"], CheckPortAsync),
        new("check_protocol_listener", "Fails if nothing listens for a protocol, such as amqp or http.", ["PROTOCOL"],
            CheckProtocolAsync),
        new("check_port_connectivity", "Fails if a port of the broker takes no connection.", [], CheckPortsAsync)
        {
            Options = [("--address", "Where from here the broker is (default: what each listener is bound to).")],
        },
        new("check_virtual_hosts", "Fails if a virtual host is not served.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Checking if all vhosts are running on node {node} ...");
            await CheckAsync(i, "virtual-hosts");
            i.Tell($"Node {node} reported all vhosts as running");
        }),
        new("check_certificate_expiration", "Fails if a certificate of the broker expires soon.", [],
            CheckCertificatesAsync)
        {
            Options = [("--within", "How many units."), ("--unit", "days, weeks, months or years.")],
        },
        new("check_if_node_is_quorum_critical", "There is one node, so it never is.", [], async i =>
        {
            var node = await i.NodeAsync();
            i.Say($"Checking if node {node} is critical for quorum of any quorum queues ...");
            i.Tell($"Node {node} seems to be the only one in a single node cluster, the check does not apply");
        }) { IsHidden = true },
        new("drain", "Takes the node out of service: no new connections, consumers cancelled, the rest closed at last.",
            [], async i =>
        {
            i.Say($"Will put node {await i.NodeAsync()} into maintenance mode. "
                + "The node will no longer serve any client traffic!");
            await i.PostAsync("/api/drain");
        }),
        new("revive", "Puts a drained node back into service.", [], async i =>
        {
            i.Say($"Will put node {await i.NodeAsync()} back into regular operating mode. "
                + "The node will again serve client traffic and host primary queue replicas.");
            await i.PostAsync("/api/revive");
        }),
    ];

    /// <summary>What listens, by rabbitmqctl's names.</summary>
    public static async Task<IReadOnlyList<(string Interface, int Port, string Protocol)>> ListenersAsync(ActionInput i)
    {
        var overview = await i.Api.GetAsync("/api/overview");
        return
        [
            .. overview.GetProperty("listeners").EnumerateArray().Select(static l => (
                Bracketed(l.GetProperty("ip_address").GetString()!), l.GetProperty("port").GetInt32(),
                l.GetProperty("protocol").GetString()!)),
        ];

        static string Bracketed(string address) => address.Contains(':') ? $"[{address}]" : address;
    }

    /// <summary>Until the broker answers, for as long as --wait says.</summary>
    public static async Task AwaitStartupAsync(ActionInput i)
    {
        var seconds = i.OptionOr("--wait") is not { } text ? 300
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

    // A check's refusal is an answer: it failed.
    private static async Task CheckAsync(ActionInput i, string check)
    {
        try
        {
            await i.Api.GetAsync($"/api/health/checks/{check}");
        }
        catch (ControlException e) when (e.Status == HttpStatusCode.ServiceUnavailable)
        {
            throw new ControlException(ControlExit.NotWell, e.Message);
        }
    }

    private static async Task CheckAlarmsAsync(ActionInput i, string what)
    {
        var node = await i.NodeAsync();
        i.Say($"Asking node {node} to report any local resource alarms ...");
        await CheckAsync(i, "alarms");
        i.Tell($"Node {node} reported no {what}", new JsonObject { ["result"] = "ok" });
    }

    private static async Task ShowAlarmsAsync(ActionInput i)
    {
        var node = await i.NodeAsync();
        i.Say($"Asking node {node} to report any known resource alarms ...");
        string? alarm = null;
        try
        {
            await i.Api.GetAsync("/api/health/checks/alarms");
        }
        catch (ControlException e) when (e.Status == HttpStatusCode.ServiceUnavailable)
        {
            alarm = e.Message;
        }
        i.Tell(
            alarm ?? $"Node {node} reported no alarms, local or clusterwide",
            new JsonObject
            {
                ["alarms"] = alarm is null ? [] : new JsonArray(alarm), ["node"] = node, ["result"] = "ok",
            });
    }

    private static async Task CheckPortAsync(ActionInput i)
    {
        if (!int.TryParse(i["PORT"], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0)
            throw new ControlException(ControlExit.BadData, "Argument must be a positive integer");
        var node = await i.NodeAsync();
        i.Say($"Asking node {node} if there's an active listener on port {port} ...");
        var listeners = await ListenersAsync(i);
        if (listeners.All(l => l.Port != port))
        {
            throw new ControlException(
                ControlExit.NotWell,
                $"No listener for port {port} is active on node {node}. Found listeners that use the following ports: "
                + string.Join(", ", listeners.Select(static l => l.Port)));
        }
        i.Tell($"A listener for port {port} is running on node {node}.");
    }

    private static async Task CheckProtocolAsync(ActionInput i)
    {
        var protocol = i["PROTOCOL"];
        var node = await i.NodeAsync();
        i.Say($"Asking node {node} if there's an active listener for protocol {protocol} ...");
        var listeners = await ListenersAsync(i);
        if (listeners.All(l => Protocol(l.Protocol) != Protocol(protocol)))
        {
            throw new ControlException(
                ControlExit.NotWell,
                $"No listener for protocol {protocol} is active on node {node}. "
                + "Found listeners for the following protocols: "
                + string.Join(", ", listeners.Select(static l => l.Protocol).Distinct()));
        }
        i.Tell($"A listener for protocol {protocol} is running on node {node}.");
    }

    // RabbitMQ's names for the same.
    private static string Protocol(string name) => name switch
    {
        "amqp091" or "amqp0-9-1" or "amqp10" => "amqp",
        "amqps" => "amqp/ssl",
        "https" => "http/ssl",
        _ => name,
    };

    private static async Task CheckPortsAsync(ActionInput i)
    {
        var node = await i.NodeAsync();
        i.Say($"Testing TCP connections to all active listeners on node {node} ...");
        var ports = new List<int>();
        foreach (var (bound, port, _) in await ListenersAsync(i))
        {
            if (port == 0)
                continue;
            var host = i.Option("--address") ?? (bound is "[::]" or "0.0.0.0" ? "localhost" : bound.Trim('[', ']'));
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(host, port);
                ports.Add(port);
            }
            catch (SocketException e)
            {
                throw new ControlException(
                    ControlExit.NotWell, $"Connection to port {port} ({host}) failed: {e.Message}");
            }
        }
        i.Tell($"Successfully connected to ports {string.Join(", ", ports.Distinct())} on node {node}.");
    }

    private static async Task CheckCertificatesAsync(ActionInput i)
    {
        var unit = i.Option("--unit") ?? "weeks";
        if (unit is not ("days" or "weeks" or "months" or "years"))
        {
            throw new ControlException(
                ControlExit.Usage, $"unit '{unit}' is not supported. Please use one of: days, weeks, months, years");
        }
        if (!int.TryParse(i.Option("--within") ?? "4", CultureInfo.InvariantCulture, out var within))
            throw new ControlException(ControlExit.Usage, "--within is a whole number");
        i.Say($"Checking certificate expiration on node {await i.NodeAsync()} ...");
        await CheckAsync(i, $"certificate-expiration/{within}/{unit}");
        i.Tell($"No certificates are expiring within {within} {(within == 1 ? unit[..^1] : unit)}.");
    }
}
