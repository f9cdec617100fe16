using System.Net;
using Levada.Management;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Clients;

/// <summary>CloudAMQP's JavaScript client (@cloudamqp/amqp-client) over WebSockets, in Node and in a browser.</summary>
public sealed class AmqpClientJsTests
{
    [LevadaFact]
    public Task Works_in_Node() =>
        RunAsync(http => ["--experimental-websocket", "--no-warnings", Script, $"ws://{http}/"]);

    [LevadaFact]
    public Task Works_in_Chromium() =>
        RunAsync(http => [Script, $"ws://{http}/", $"http://{http}/metrics", Prerequisites.Chromium]);

    private static string Script => Path.Combine(Prerequisites.ClientsFolder, "node", "websocket.mjs");

    private static async Task RunAsync(Func<string, string[]> arguments)
    {
        await using var broker = await TestBroker.StartAsync(
            o => o.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)]);
        await using var server = ManagementServer.Start(broker.Broker, broker.Options, NullLoggerFactory.Instance);
        await using var client = ClientProcess.Start(
            Prerequisites.Node, arguments($"127.0.0.1:{server.Listeners[0].Port}"));
        await client.Passes();
        await broker.UntilAsync(o => o.Connections == 0);
    }
}
