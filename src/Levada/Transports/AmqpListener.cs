using System.Net;
using System.Net.Sockets;
using Levada.Amqp;
using Levada.Auth;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// Accepts connections on one address, reads a proxy's PROXY header, does the TLS handshake if it is an amqps one, and
/// starts them. Each has from being accepted to being open the time of handshake_timeout, whatever lies between.
/// </summary>
internal sealed partial class AmqpListener : IDisposable
{
    private readonly Broker _broker;
    private readonly Socket _socket;
    private readonly TlsServer? _tls;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    /// <param name="broker">Whose connections they become.</param>
    /// <param name="socket">Listens already; disposed of with this.</param>
    /// <param name="tls">Null for plain AMQP.</param>
    public AmqpListener(Broker broker, Socket socket, TlsServer? tls)
    {
        _broker = broker;
        _socket = socket;
        _tls = tls;
        _logger = broker.ConnectionLogger;
        Listener = new Listener(tls is null ? "amqp" : "amqps", socket.LocalEndPoint!);
        Kind = tls is not null ? ListenerKind.Amqps
            : socket.AddressFamily == AddressFamily.Unix ? ListenerKind.Unix : ListenerKind.Amqp;
    }

    public Listener Listener { get; }

    public bool IsTls => _tls is not null;

    private ListenerKind Kind { get; }

    /// <summary>Accepts until it is disposed.</summary>
    public async Task AcceptAsync()
    {
        while (true)
        {
            Socket accepted;
            try
            {
                accepted = await _socket.AcceptAsync();
            }
            catch (Exception e) when (e is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException e)
            {
                // A client that is gone already, or no descriptors left: wait for some to come back.
                LogAcceptFailed(Listener, e.Message);
                if (e.SocketErrorCode == SocketError.TooManyOpenSockets)
                    await Task.Delay(TimeSpan.FromMilliseconds(100));
                continue;
            }
            _broker.Arrivals.Accept(Kind);
            _ = StartAsync(accepted);
        }
    }

    private async Task StartAsync(Socket socket)
    {
        // Off the accepting loop: a client that sends without waiting would keep it busy.
        await Task.Yield();
        Connection connection;
        try
        {
            connection = new Connection(_broker, await PrepareAsync(socket));
        }
        catch (RefusedException e)
        {
            _broker.Arrivals.Refuse(Kind, e.Reason);
            LogRefused(Listener, Describe(socket), e.Message);
            socket.Dispose();
            return;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // Never came to speak AMQP; load balancers do this all day (rule A3).
            _broker.Arrivals.Refuse(Kind, e is OperationCanceledException ? Refusal.Timeout : Refusal.Lost);
            LogNeverStarted(Listener, e.Message);
            socket.Dispose();
            return;
        }
        await _broker.ServeAsync(connection, Kind);
    }

    private async Task<Transport> PrepareAsync(Socket socket)
    {
        var acceptedMs = Environment.TickCount64;
        var isUnix = socket.AddressFamily == AddressFamily.Unix;
        if (!isUnix)
            socket.NoDelay = true;
        var peer = isUnix ? new UnixPeer(socket) : socket.RemoteEndPoint;
        var isFromProxy = _broker.Options.ProxyProtocol && _broker.Options.ProxySources.Contains(peer);
        var header = new ProxyHeader(null, IsOfProxyItself: true);
        ClientCertificate? certificate = null;
        Stream stream;
        if (isFromProxy || _tls is not null)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            deadline.CancelAfter(_broker.Options.HandshakeTimeout);
            if (isFromProxy)
                header = await ProxyHeader.ReadAsync(socket, deadline.Token);
            (stream, certificate) = _tls is not null
                ? await _tls.AcceptAsync(socket, deadline.Token)
                : (new NetworkStream(socket, ownsSocket: true), null);
        }
        else
        {
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        return new Transport(
            stream, header.Client ?? peer, socket.LocalEndPoint, () => socket.Shutdown(SocketShutdown.Send))
        {
            Kind = Kind,
            AcceptedMs = acceptedMs,
            Socket = socket,
            Certificate = certificate,
            Source = SourceOf(header, peer),
        };
    }

    // What a proxy does not know may be anywhere.
    private static IPAddress? SourceOf(ProxyHeader header, EndPoint? peer) =>
        header.Client is null && !header.IsOfProxyItself
            ? IPAddress.None
            : ((header.Client ?? peer) as IPEndPoint)?.Address;

    // The proxy's end, if it is one: that is where a wrong header comes from.
    private static string Describe(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "unknown";
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return "a client that is gone";
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Cancel();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Listener}: cannot accept a connection: {Reason}")]
    private partial void LogAcceptFailed(Listener listener, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Listener}: {Peer} is refused: {Reason}")]
    private partial void LogRefused(Listener listener, string peer, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Listener}: a connection ended before it began: {Reason}")]
    private partial void LogNeverStarted(Listener listener, string reason);
}
