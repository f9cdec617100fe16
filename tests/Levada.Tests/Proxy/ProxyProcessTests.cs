using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Levada.Cli.Proxy;
using Levada.Protocol;
using Levada.Tests.Host;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Xunit;

namespace Levada.Tests.Proxy;

/// <summary>The proxy as its users meet it: a real client, TLS, HTTP, heartbeats, signals.</summary>
public sealed partial class ProxyProcessTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [LevadaFact]
    public async Task RabbitMQ_client_publishes_with_confirms_and_consumes()
    {
        const int Count = 500;
        await using var proxy = await TestProxy.StartAsync();
        await using var connection = await new ConnectionFactory { Uri = new Uri(proxy.Uri) }
            .CreateConnectionAsync(Cancelled);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(true, true), Cancelled);
        var queue = (await channel.QueueDeclareAsync("", cancellationToken: Cancelled)).QueueName;
        await using var consuming = await connection.CreateChannelAsync(cancellationToken: Cancelled);
        await consuming.BasicQosAsync(0, 50, global: false, Cancelled);
        var done = new TaskCompletionSource<List<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        var seen = new List<string>();
        var consumer = new AsyncEventingBasicConsumer(consuming);
        consumer.ReceivedAsync += async (_, message) =>
        {
            seen.Add(Encoding.UTF8.GetString(message.Body.Span));
            await consuming.BasicAckAsync(message.DeliveryTag, multiple: false, Cancelled);
            if (seen.Count == Count) done.TrySetResult(seen);
        };
        await consuming.BasicConsumeAsync(queue, autoAck: false, consumer, Cancelled);
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => channel.BasicPublishAsync(
            "", queue, mandatory: true, Encoding.UTF8.GetBytes($"{i}"), Cancelled).AsTask()));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await done.Task.WaitAsync(
            RawConnection.Patience, Cancelled));
        await connection.CloseAsync(Cancelled);
    }

    [LevadaFact]
    public async Task Tls_on_both_sides()
    {
        using var folder = new TempFolder();
        using var authority = new TestCertificates("Ours");
        string server = Path.Combine(folder.Path, "server.pem"), root = Path.Combine(folder.Path, "root.pem");
        authority.WriteServer(server, "localhost").Dispose();
        authority.WriteRoot(root);
        await using var broker = await TestBroker.StartAsync(o =>
        {
            o.AmqpsListeners = [new ListenerOptions(IPAddress.Loopback, 0)];
            o.Tls.CertificateFile = server;
        });
        var upstream = (IPEndPoint)broker.Broker.Listeners.Single(l => l.Protocol == "amqps").EndPoint;
        await using var proxy = ProxyServer.Start(
            new ProxyOptions
            {
                Port = 0, CertificateFile = server, UpstreamTls = true, UpstreamHost = "localhost",
                UpstreamPort = upstream.Port, UpstreamCaFile = root,
            },
            broker.Log);
        using var socket = new TcpClient();
        await socket.ConnectAsync(proxy.EndPoint, Cancelled);
        await using var tls = new SslStream(
            socket.GetStream(), false, (_, certificate, _, _) => certificate?.Subject == "CN=localhost");
        await tls.AuthenticateAsClientAsync("localhost");
        await AmqpStream.OpenAsync(tls);
        Assert.Single(broker.Broker.Connections.All);
    }

    [LevadaFact]
    public async Task Heartbeats_come_on_both_sides_while_nothing_else_does()
    {
        await using var proxy = await TestProxy.StartAsync(null, o => o.Heartbeat = 1);
        using var idle = proxy.OpenWithChannel(new Login(Heartbeat: 1));
        // Longer than a broker or client without heartbeats would be let live.
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal(Frame.Heartbeat, idle.TryReceiveAny()?.Type);
            idle.SendHeartbeat();
        }
        Assert.Equal(1, proxy.UpstreamOpened);
        idle.CloseChannel(1);
        while (idle.TryReceiveAny() is not null)
        {
            // It says nothing any more, and is ended for that.
        }
        Assert.Contains(proxy.Log.Lines, static l => l.Contains("missed heartbeats", StringComparison.Ordinal));
    }

    [LevadaFact]
    public async Task Process_serves_health_and_metrics_and_drains_on_SIGTERM()
    {
        await using var broker = await TestBroker.StartPrivateAsync();
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                BrokerProcess.Executable,
                ["proxy", "--port", "0", "--http-port", "0", "--upstream", $"amqp://127.0.0.1:{broker.Port}"])
            {
                RedirectStandardError = true,
            },
        };
        process.Start();
        try
        {
            var amqp = await ListeningAsync(process, "amqp");
            using var http = new HttpClient
            {
                BaseAddress = new Uri($"http://{await ListeningAsync(process, "http")}"),
            };
            using var busy = RawConnection.Open(amqp);
            busy.OpenChannel(1);
            using var idle = RawConnection.Open(amqp);
            Assert.Equal("ok\n", await http.GetStringAsync("/healthz", Cancelled));
            var metrics = await http.GetStringAsync("/metrics", Cancelled);
            Assert.Contains("levada_proxy_clients 2\n", metrics, StringComparison.Ordinal);
            Assert.Contains(
                "levada_proxy_upstream_connections{kind=\"shared\"} 1\n", metrics, StringComparison.Ordinal);

            BrokerProcess.Terminate(process.Id);
            idle.ExpectConnectionError(ReplyCode.ConnectionForced, "CONNECTION_FORCED - the proxy is shutting down", 0);
            using (var draining = await http.GetAsync("/healthz", Cancelled))
                Assert.Equal(HttpStatusCode.ServiceUnavailable, draining.StatusCode);
            busy.Send(1, new ConfirmSelect(false)); // who is at work may finish
            busy.Expect<ConfirmSelectOk>(1);
            busy.Close();
            await process.WaitForExitAsync(Cancelled).WaitAsync(RawConnection.Patience, Cancelled);
            Assert.Equal(0, process.ExitCode);
            await broker.UntilAsync(o => o.Connections == 0);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    [Theory]
    [InlineData("proxy --upstream http://localhost", "--upstream")]
    [InlineData("proxy --upstream amqp://guest@localhost", "--upstream")]
    [InlineData("proxy --listen nowhere", "--listen")]
    [InlineData("proxy --max-upstream-channels 0", "--max-upstream-channels")]
    [InlineData("proxy --key k.pem", "--key")]
    public void Options_that_make_no_sense_are_named(string arguments, string option)
    {
        var result = new System.CommandLine.RootCommand { ProxyCommand.Create() }.Parse(arguments);
        Assert.Empty(result.Errors);
        var error = Assert.Throws<FormatException>(() => ProxyCommand.Read(result));
        Assert.Contains(option, error.Message, StringComparison.Ordinal);
    }

    private static async Task<IPEndPoint> ListeningAsync(Process process, string protocol)
    {
        while (await process.StandardError.ReadLineAsync(Cancelled) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match && match.Groups[1].Value == protocol)
                return IPEndPoint.Parse(match.Groups[2].Value);
        }
        throw new InvalidOperationException("the proxy ended");
    }

    [GeneratedRegex(@"listening: (\S+) (\S+)$")]
    private static partial Regex Listening();
}
