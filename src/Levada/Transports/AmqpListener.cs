using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Levada.Amqp;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// Accepts connections on one address, does their TLS handshake if it is an amqps one, and starts them. Each has from
/// being accepted to being open the time of handshake_timeout, whatever lies between.
/// </summary>
internal sealed partial class AmqpListener : IDisposable
{
    private readonly Broker _broker;
    private readonly Socket _socket;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();

    /// <param name="broker">Whose connections they become.</param>
    /// <param name="socket">Listens already; disposed of with this.</param>
    /// <param name="tls">Null for plain AMQP.</param>
    public AmqpListener(Broker broker, Socket socket, SslServerAuthenticationOptions? tls)
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
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            or OperationCanceledException or ObjectDisposedException)
        {
            // Never came to speak AMQP; load balancers do this all day (rule A3).
            _broker.Arrivals.Refuse(Kind, e is OperationCanceledException ? Refusal.Timeout : Refusal.Lost);
            LogNeverStarted(Listener, e.Message);
            socket.Dispose();
            return;
        }
        _broker.Connections.Add(connection);
        await connection.RunAsync();
    }

    private async Task<Transport> PrepareAsync(Socket socket)
    {
        var acceptedMs = Environment.TickCount64;
        if (Kind != ListenerKind.Unix)
            socket.NoDelay = true;
        EndPoint? peer = Kind == ListenerKind.Unix ? new UnixPeer(socket) : socket.RemoteEndPoint;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (_tls is not null)
            stream = await EncryptAsync(stream);
        return new Transport(stream, peer, socket.LocalEndPoint, () => socket.Shutdown(SocketShutdown.Send))
        {
            Kind = Kind,
            AcceptedMs = acceptedMs,
            Socket = socket,
        };
    }

    private async Task<SslStream> EncryptAsync(Stream stream)
    {
        var encrypted = new SslStream(stream);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        deadline.CancelAfter(_broker.Options.HandshakeTimeout);
        try
        {
            await encrypted.AuthenticateAsServerAsync(_tls!, deadline.Token);
        }
        catch
        {
            await encrypted.DisposeAsync();
            throw;
        }
        return encrypted;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Cancel();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Listener}: cannot accept a connection: {Reason}")]
    private partial void LogAcceptFailed(Listener listener, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Listener}: a connection ended before it began: {Reason}")]
    private partial void LogNeverStarted(Listener listener, string reason);
}
