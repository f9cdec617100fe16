using System.Net;
using System.Net.Sockets;
using Levada.Amqp;
using Levada.Platform;
using Levada.Transports;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>The ways into the broker.</summary>
public sealed partial class Broker
{
    private readonly List<AmqpListener> _listeners = [];
    private TlsServer? _tls;
    private volatile bool _isStopping;

    /// <summary>Where the broker listens, once it is started.</summary>
    public IReadOnlyList<Listener> Listeners => [.. _listeners.Select(static l => l.Listener)];

    /// <summary>Who came by which listener, and who was turned away there.</summary>
    public Arrivals Arrivals { get; } = new();

    private void Listen()
    {
        var backlog = Options.ListenBacklog;
        foreach (var socket in Options.AmqpSockets)
            Add(socket, tls: null);
        if (Options.AmqpSockets.Count == 0)
        {
            foreach (var where in Options.AmqpListeners)
                Add(ListenSocket.Open(where.Address, where.Port, backlog), tls: null);
            foreach (var path in Options.UnixListeners)
                Add(ListenSocket.Open(path, Options.UnixMode, backlog), tls: null);
        }
        if (Options.HasTls)
        {
            _tls = new TlsServer(Options, Options.Tls, Options.TlsHosts, _loggers.CreateLogger<TlsServer>());
            foreach (var socket in Options.AmqpsSockets)
                Add(socket, _tls);
            foreach (var where in Options.AmqpsSockets.Count == 0 ? Options.AmqpsListeners : [])
                Add(ListenSocket.Open(where.Address, where.Port, backlog), _tls);
        }
        foreach (var listener in _listeners)
            _ = listener.AcceptAsync();

        void Add(Socket socket, TlsServer? tls) =>
            _listeners.Add(new AmqpListener(this, socket, tls));
    }

    /// <summary>
    /// Serves AMQP to a client whose bytes another server passes on, as a WebSocket's; ends with the connection.
    /// </summary>
    /// <param name="bytes">Its bytes; disposed of.</param>
    /// <param name="peer">The client's end of the socket.</param>
    /// <param name="local">This end.</param>
    /// <param name="source">By which it is judged whether the client is on this machine.</param>
    /// <param name="endOutput">Tells the client that no more bytes come.</param>
    public async Task ServeWebSocketAsync(
        Stream bytes, EndPoint? peer, EndPoint? local, IPAddress source, Action endOutput)
    {
        Arrivals.Accept(ListenerKind.Websocket);
        var connection = new Connection(
            this, new Transport(bytes, peer, local, endOutput) { Kind = ListenerKind.Websocket, Source = source });
        await ServeAsync(connection, ListenerKind.Websocket);
    }

    /// <summary>Reads a connection until it ends, unless its address has far too many.</summary>
    internal async Task ServeAsync(Connection connection, ListenerKind kind)
    {
        if (!Connections.Add(connection))
        {
            Arrivals.Refuse(kind, Refusal.TooMany);
            connection.Dispose();
            return;
        }
        if (_isStopping)
            connection.Abort("broker is stopping");
        await connection.RunAsync();
    }

    /// <summary>TLS handshakes that run now.</summary>
    public int TlsHandshakes => _tls?.Running ?? 0;

    /// <summary>When the certificates of the TLS listeners expire, by host; "" is the one for all others.</summary>
    public IEnumerable<(string Host, DateTime Until)> CertificateExpiries => _tls?.Expiries ?? [];
}
