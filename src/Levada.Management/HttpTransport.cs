using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Levada.Management;

/// <summary>Gives the web server our open ports instead of ports of its own.</summary>
internal sealed class HttpTransport(IReadOnlyList<HttpListener> listeners, ILoggerFactory loggers)
    : IConnectionListenerFactory
{
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IConnectionListener>(
            new Port(listeners.First(l => l.EndPoint.Equals(endpoint)), loggers));

    private sealed class Port(HttpListener listener, ILoggerFactory loggers) : IConnectionListener
    {
        private readonly SocketConnectionContextFactory _contexts = new(
            new SocketConnectionFactoryOptions(), loggers.CreateLogger<HttpTransport>());

        public EndPoint EndPoint => listener.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            if (await listener.AcceptAsync(cancellationToken) is not { } socket)
                return null;
            socket.NoDelay = true;
            return _contexts.Create(socket);
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            listener.Dispose();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            listener.Dispose();
            _contexts.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
