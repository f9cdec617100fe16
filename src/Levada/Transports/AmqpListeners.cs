using System.Net;
using System.Net.Sockets;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Transports;

/// <summary>
/// Everything that AMQP is listened for on. It can be closed and opened again while the broker runs; connections that
/// were accepted stay. Changes under a lock (_changing, a leaf); what there is, is read without.
/// </summary>
internal sealed class AmqpListeners(Broker broker, ILoggerFactory loggers) : IDisposable
{
    private readonly Lock _changing = new();

    // Replaced under the lock.
    private volatile AmqpListener[] _all = [];
    private EndPoint[]? _suspended;
    private bool _isDisposed;

    public IReadOnlyList<Listener> All => [.. _all.Select(static l => l.Listener)];

    /// <summary>Null until there is a TLS listener.</summary>
    public TlsServer? Tls { get; private set; }

    /// <summary>Nobody is let in for now.</summary>
    public bool AreSuspended => Volatile.Read(ref _suspended) is not null;

    /// <summary>As configured.</summary>
    /// <exception cref="IOException">An address is taken or not this machine's, or a certificate cannot be read.
    /// </exception>
    public void Open()
    {
        var options = broker.Options;
        if (options.HasTls)
            Tls = new TlsServer(options, options.Tls, options.TlsHosts, loggers.CreateLogger<TlsServer>());
        lock (_changing)
            Accept(OpenAll(Configured(options)));
    }

    /// <summary>Closes all of them, so that clients are refused by the system. False if that was done.</summary>
    /// <exception cref="InvalidOperationException">Somebody else opened them, who alone can do it again.</exception>
    public bool Suspend()
    {
        lock (_changing)
        {
            if (_suspended is not null || _isDisposed)
                return false;
            if (broker.Options.AmqpSockets.Count + broker.Options.AmqpsSockets.Count > 0)
            {
                throw new InvalidOperationException(
                    "the sockets are systemd's: `systemctl stop` its socket unit, or drain the node");
            }
            Volatile.Write(ref _suspended, [.. _all.Select(static l => l.Listener.EndPoint)]);
            foreach (var listener in _all)
                listener.Dispose();
            return true;
        }
    }

    /// <summary>Opens them again where they were. False if nothing was suspended.</summary>
    /// <exception cref="IOException">Somebody else has taken an address meanwhile; all stay suspended.</exception>
    public bool Resume()
    {
        lock (_changing)
        {
            if (_suspended is not { } places || _isDisposed)
                return false;
            Accept(OpenAll(places.Zip(_all, (at, before) => ((Func<Socket>)(() => Open(at)), before.IsTls))));
            Volatile.Write(ref _suspended, null);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_changing)
        {
            _isDisposed = true;
            foreach (var listener in _all)
                listener.Dispose();
        }
    }

    private IEnumerable<(Func<Socket> Open, bool IsTls)> Configured(BrokerOptions options)
    {
        foreach (var socket in options.AmqpSockets)
            yield return (() => socket, false);
        if (options.AmqpSockets.Count == 0)
        {
            foreach (var where in options.AmqpListeners)
                yield return (() => Open(new IPEndPoint(where.Address, where.Port)), false);
            foreach (var path in options.UnixListeners)
                yield return (() => Open(path), false);
        }
        foreach (var socket in options.AmqpsSockets)
            yield return (() => socket, true);
        foreach (var where in options.AmqpsSockets.Count == 0 ? options.AmqpsListeners : [])
            yield return (() => Open(new IPEndPoint(where.Address, where.Port)), true);
    }

    private Socket Open(EndPoint place) => place switch
    {
        IPEndPoint at => ListenSocket.Open(at.Address, at.Port, broker.Options.ListenBacklog),
        _ => Open(place.ToString()!),
    };

    private Socket Open(string path) =>
        ListenSocket.Open(path, broker.Options.UnixMode, broker.Options.ListenBacklog);

    // All or none.
    private static List<(Socket Socket, bool IsTls)> OpenAll(IEnumerable<(Func<Socket> Open, bool IsTls)> ways)
    {
        List<(Socket Socket, bool IsTls)> sockets = [];
        try
        {
            foreach (var (open, isTls) in ways)
                sockets.Add((open(), isTls));
            return sockets;
        }
        catch (IOException)
        {
            foreach (var (socket, _) in sockets)
                socket.Dispose();
            throw;
        }
    }

    // Under the lock.
    private void Accept(List<(Socket Socket, bool IsTls)> sockets)
    {
        _all = [.. sockets.Select(s => new AmqpListener(broker, s.Socket, s.IsTls ? Tls : null))];
        foreach (var listener in _all)
            _ = listener.AcceptAsync();
    }
}
