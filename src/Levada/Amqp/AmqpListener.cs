using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Amqp;

/// <summary>
/// Accepts connections on one address, does their TLS handshake if it is an amqps one, and starts them.
/// </summary>
internal sealed partial class AmqpListener : IDisposable
{
    private readonly Broker _broker;
    private readonly Socket _socket;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly ILogger _logger;

    public AmqpListener(Broker broker, ListenerOptions where, SslServerAuthenticationOptions? tls)
    {
        _broker = broker;
        _tls = tls;
        _logger = broker.ConnectionLogger;
        _socket = ListenSocket.Open(where.Address, where.Port, broker.Options.ListenBacklog);
        var bound = (IPEndPoint)_socket.LocalEndPoint!;
        Listener = new Listener(tls is null ? "amqp" : "amqps", bound.Address, bound.Port);
    }

    public Listener Listener { get; }

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
            _ = StartAsync(accepted);
        }
    }

    private async Task StartAsync(Socket socket)
    {
        // Off the accepting loop: a client that sends without waiting would keep it busy.
        await Task.Yield();
        Stream? stream = null;
        try
        {
            socket.NoDelay = true;
            stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
                stream = await EncryptAsync(stream);
            var connection = new Connection(
                _broker, stream, socket.RemoteEndPoint, socket.LocalEndPoint,
                () => socket.Shutdown(SocketShutdown.Send));
            _broker.Connections.Add(connection);
            await connection.RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            or OperationCanceledException or ObjectDisposedException)
        {
            // Never came to speak AMQP; load balancers do this all day (rule A3).
            LogNeverStarted(Listener, e.Message);
            if (stream is not null)
                await stream.DisposeAsync();
            else
                socket.Dispose();
        }
    }

    private async Task<SslStream> EncryptAsync(Stream stream)
    {
        var encrypted = new SslStream(stream);
        using var deadline = new CancellationTokenSource(_broker.Options.HandshakeTimeout);
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

    public void Dispose() => _socket.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Listener}: cannot accept a connection: {Reason}")]
    private partial void LogAcceptFailed(Listener listener, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Listener}: a connection ended before it began: {Reason}")]
    private partial void LogNeverStarted(Listener listener, string reason);
}
