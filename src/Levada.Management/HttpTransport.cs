using System.Net;
using System.Net.Sockets;
using Levada.Auth;
using Levada.Platform;
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
            while (await listener.AcceptAsync(cancellationToken) is { } socket)
            {
                try
                {
                    return Take(socket);
                }
                catch (SocketException)
                {
                    // It is gone already.
                    socket.Dispose();
                }
            }
            return null;
        }

        private ConnectionContext Take(Socket socket)
        {
            if (listener.Kind != HttpListenerKind.Control)
            {
                socket.NoDelay = true;
                var usual = _contexts.Create(socket);
                if (listener.Kind == HttpListenerKind.Metrics)
                    usual.Features.Set(MetricsPort.Instance);
                return usual;
            }
            var credentials = UnixCredentials.Of(socket);
            var context = _contexts.Create(socket);
            context.Features.Set(new ControlClient(
                LocalOperator.NameOf(credentials.FindUserName()), $"unix:{credentials.Process}"));
            return context;
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
