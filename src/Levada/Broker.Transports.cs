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
    private readonly AmqpListeners _listeners;
    private volatile bool _isStopping;

    /// <summary>Where the broker listens for AMQP, once it is started. Suspended listeners are among them.</summary>
    public IReadOnlyList<Listener> Listeners => _listeners.All;

    /// <summary>No new AMQP connections are taken, because an operator wanted it.</summary>
    public bool AreListenersSuspended => _listeners.AreSuspended;

    /// <summary>Who came by which listener, and who was turned away there.</summary>
    public Arrivals Arrivals { get; } = new();

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
    public int TlsHandshakes => _listeners.Tls?.Running ?? 0;

    /// <summary>When the certificates of the TLS listeners expire, by host; "" is the one for all others.</summary>
    public IEnumerable<(string Host, DateTime Until)> CertificateExpiries => _listeners.Tls?.Expiries ?? [];

    /// <summary>Takes no more AMQP connections. False if that is so already.</summary>
    internal bool SuspendListeners() => _listeners.Suspend();

    /// <summary>Takes them again. False if that is so already.</summary>
    internal bool ResumeListeners() => _listeners.Resume();
}
