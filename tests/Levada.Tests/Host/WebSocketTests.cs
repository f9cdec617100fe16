using System.Net;
using System.Net.WebSockets;
using Levada.Management;
using Levada.Protocol;
using Levada.Transports;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>
/// AMQP over WebSocket on the HTTP port, by a client that does right and wrong; rules A4, A11, A23 and E6 there.
/// </summary>
public sealed class WebSocketTests : IAsyncLifetime
{
    private TestBroker _broker = null!;
    private ManagementServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(
            o => o.HttpListeners = [new ListenerOptions(IPAddress.Loopback, 0)]);
        _server = ManagementServer.Start(_broker.Broker, _broker.Options, NullLoggerFactory.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.Broker.StopAsync();
        await _server.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [LevadaTheory]
    [InlineData("/", "amqp")]
    [InlineData("/", null)]
    [InlineData("/any/path?and=query", "amqp")]
    [InlineData("/apiary", "amqp")]
    public async Task A23_it_is_a_connection_like_others(string path, string? subProtocol)
    {
        using var socket = await ConnectAsync(path, subProtocol);
        Assert.Equal(subProtocol, socket.SubProtocol);
        await using var stream = Bytes(socket);
        await AmqpStream.OpenAsync(stream);
        var connection = Assert.Single(_broker.Broker.Connections.All);
        Assert.Matches($"^127.0.0.1:[0-9]+ -> 127.0.0.1:{Port}$", connection.Name);
        Assert.Contains((ListenerKind.Websocket, 1L), _broker.Broker.Arrivals.Accepted);
    }

    [LevadaTheory]
    [InlineData("/", "mqtt", HttpStatusCode.BadRequest)]
    [InlineData("/api/overview", "amqp", HttpStatusCode.Unauthorized)]
    [InlineData("/metrics", "amqp", HttpStatusCode.OK)]
    public async Task Other_sub_protocols_and_paths_of_the_API_are_no_way_in(
        string path, string subProtocol, HttpStatusCode status)
    {
        using var socket = NewSocket(subProtocol);
        socket.Options.CollectHttpResponseDetails = true;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(Uri(path), Stop));
        Assert.Equal(status, socket.HttpStatusCode);
    }

    [LevadaFact]
    public async Task Where_messages_begin_and_end_means_nothing()
    {
        using var socket = await ConnectAsync();
        await using var stream = Bytes(socket);
        // The protocol header in five messages, an empty one among them; the last one in two fragments.
        var at = 0;
        foreach (var part in new[] { 1, 3, 0, 2 })
            await socket.SendAsync(Header(part), WebSocketMessageType.Binary, true, Stop);
        await socket.SendAsync(Header(1), WebSocketMessageType.Binary, false, Stop);
        await socket.SendAsync(Header(1), WebSocketMessageType.Binary, true, Stop);
        Assert.True((await AmqpStream.ReadAsync(stream)).Is<ConnectionStart>());
        await AmqpStream.LoginAsync(stream, "PLAIN", new Login().PlainResponse);

        // Two frames in one message.
        var close = new byte[2 * FrameWriter.HeartbeatSize];
        FrameWriter.WriteHeartbeat(close);
        FrameWriter.WriteHeartbeat(close.AsSpan(FrameWriter.HeartbeatSize));
        await socket.SendAsync(close, WebSocketMessageType.Binary, true, Stop);
        await AmqpStream.WriteAsync(stream, new ConnectionClose(200, "bye", 0, 0));
        Assert.True((await AmqpStream.ReadAsync(stream)).Is<ConnectionCloseOk>());
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Stop));

        ArraySegment<byte> Header(int count)
        {
            at += count;
            return new ArraySegment<byte>(Frame.ProtocolHeader.ToArray(), at - count, count);
        }
    }

    [LevadaFact]
    public async Task Text_is_no_AMQP()
    {
        using var socket = await ConnectAsync();
        await socket.SendAsync(Frame.ProtocolHeader.ToArray(), WebSocketMessageType.Text, true, Stop);
        await AssertBrokenAsync(socket);
    }

    [LevadaFact]
    public async Task A4_client_that_says_nothing_is_dropped_at_the_deadline()
    {
        _broker.Options.HandshakeTimeout = TimeSpan.FromMilliseconds(300);
        using var socket = await ConnectAsync();
        await AssertBrokenAsync(socket);
    }

    [LevadaFact]
    public async Task Client_that_closes_the_WebSocket_alone_is_gone_and_answered()
    {
        using var socket = await ConnectAsync();
        await AmqpStream.OpenAsync(Bytes(socket));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Stop);
        Assert.Equal(WebSocketState.Closed, socket.State);
        await _broker.UntilAsync(o => o.Connections == 0);
    }

    [LevadaFact]
    public async Task Client_that_dies_is_gone()
    {
        using var socket = await ConnectAsync();
        await AmqpStream.OpenAsync(Bytes(socket));
        socket.Abort();
        await _broker.UntilAsync(o => o.Connections == 0);
    }

    [LevadaTheory]
    [InlineData("Origin", "https://elsewhere.example.com")]
    [InlineData("Origin", "null")]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    public async Task A11_guest_of_another_sites_page_or_behind_a_proxy_is_refused(string header, string value)
    {
        using var socket = NewSocket("amqp");
        socket.Options.SetRequestHeader(header, value);
        await socket.ConnectAsync(Uri("/"), Stop);
        var stream = Bytes(socket);
        await AmqpStream.StartAsync(stream);
        await AmqpStream.WriteAsync(stream, new ConnectionStartOk(
            new Login().ClientProperties, "PLAIN", new Login().PlainResponse, "en_US"));
        Assert.Equal(403, (await AmqpStream.ReadAsync(stream)).Method<ConnectionClose>().ReplyCode);
        await _broker.Log.WaitForAsync("loopback_users");
    }

    [LevadaFact]
    public async Task A11_guest_of_a_page_of_the_brokers_own_is_let_in()
    {
        using var socket = NewSocket("amqp");
        socket.Options.SetRequestHeader("Origin", $"http://127.0.0.1:{Port}");
        await socket.ConnectAsync(Uri("/"), Stop);
        await AmqpStream.OpenAsync(Bytes(socket));
    }

    [LevadaFact]
    public async Task E6_stop_closes_it_with_320()
    {
        using var socket = await ConnectAsync();
        var stream = Bytes(socket);
        await AmqpStream.OpenAsync(stream);
        var stopped = _broker.Broker.StopAsync(Stop);
        Assert.Equal(320, (await AmqpStream.ReadAsync(stream)).Method<ConnectionClose>().ReplyCode);
        await AmqpStream.WriteAsync(stream, new ConnectionCloseOk());
        Assert.Equal(0, await stream.ReadAsync(new byte[1], Stop));
        await stopped;
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private int Port => _server.Listeners[0].Port;

    private Uri Uri(string path) => new($"ws://127.0.0.1:{Port}{path}");

    private static WebSocketStream Bytes(WebSocket socket) => WebSocketStream.Create(
        socket, WebSocketMessageType.Binary, TimeSpan.FromSeconds(10));

    private static ClientWebSocket NewSocket(string? subProtocol)
    {
        var socket = new ClientWebSocket();
        if (subProtocol is not null) socket.Options.AddSubProtocol(subProtocol);
        return socket;
    }

    private async Task<ClientWebSocket> ConnectAsync(string path = "/", string? subProtocol = "amqp")
    {
        var socket = NewSocket(subProtocol);
        await socket.ConnectAsync(Uri(path), Stop);
        return socket;
    }

    private static async Task AssertBrokenAsync(WebSocket socket)
    {
        using var patience = new CancellationTokenSource(RawConnection.Patience);
        var e = await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            while ((await socket.ReceiveAsync(new byte[1024], patience.Token)).CloseStatus is null)
            {
            }
        });
        Assert.Equal(WebSocketError.ConnectionClosedPrematurely, e.WebSocketErrorCode);
    }
}
