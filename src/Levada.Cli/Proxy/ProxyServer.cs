using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Levada.Platform;
using Levada.Protocol;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>
/// The proxy: it accepts clients, keeps what they came with, and looks after time. <c>levada proxy</c> runs one.
/// </summary>
internal sealed partial class ProxyServer : IAsyncDisposable
{
    private const int Backlog = 1024;

    // Half of the shortest heartbeat, halved again.
    private static readonly TimeSpan TickPeriod = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(6);

    private readonly ILogger _logger;
    private readonly Socket _listener;
    private readonly ProxyTls? _tls;
    private readonly ConcurrentDictionary<ClientConnection, Task> _clients = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _ticking;
    private readonly Task _accepting;

    // Guards everything below.
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Account> _accounts = [];
    private UpstreamLogin? _greeted;
    private FieldTable? _serverProperties;
    private Task? _greeting;

    private ProxyServer(ProxyOptions options, ILoggerFactory loggers)
    {
        Options = options;
        _logger = loggers.CreateLogger("Levada.Cli.Proxy");
        if (options.CertificateFile is not null) _tls = new ProxyTls(options.CertificateFile, options.KeyFile);
        _listener = ListenSocket.Open(options.Listen, options.Port, Backlog);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
        _ticking = TickAsync();
    }

    public ProxyOptions Options { get; }

    public ILogger Logger => _logger;

    public ProxyCounters Counters { get; } = new();

    /// <summary>Where clients connect, as really bound.</summary>
    public IPEndPoint EndPoint { get; }

    /// <summary>No new clients: it is about to end.</summary>
    public bool IsDraining { get; private set; }

    public ICollection<ClientConnection> Clients => _clients.Keys;

    public UpstreamConnection[] Connections
    {
        get
        {
            lock (_lock) return [.. _accounts.Values.SelectMany(static a => a.Pools).SelectMany(p => p.Connections)];
        }
    }

    /// <exception cref="IOException">The port is taken, or the certificate cannot be used.</exception>
    public static ProxyServer Start(ProxyOptions options, ILoggerFactory loggers) => new(options, loggers);

    /// <summary>The account of these credentials, which the caller must leave.</summary>
    public Account Enter(Credentials credentials)
    {
        var digest = credentials.Digest();
        lock (_lock)
        {
            if (!_accounts.TryGetValue(digest, out var account))
                _accounts.Add(digest, account = new Account(this, credentials));
            account.Enter();
            return account;
        }
    }

    /// <summary>A connection that has the broker's greeting; the caller's own.</summary>
    /// <exception cref="CloseException">The broker cannot be reached.</exception>
    public async Task<UpstreamLogin> GreetAsync()
    {
        lock (_lock)
        {
            var greeted = _greeted;
            _greeted = null;
            if (greeted is { IsFresh: true }) return greeted;
            greeted?.Dispose();
        }
        var login = await UpstreamLogin.ConnectAsync(Options, Counters);
        lock (_lock) _serverProperties = login.Start.ServerProperties;
        return login;
    }

    /// <summary>
    /// What the broker says of itself. Without an answer of the broker something plain: the client learns the cause
    /// when it logs in.
    /// </summary>
    public async Task<FieldTable> ServerPropertiesAsync()
    {
        Task greeting;
        lock (_lock)
        {
            if (_serverProperties is not null) return _serverProperties;
            greeting = _greeting ??= GreetOnceAsync();
        }
        await greeting;
        lock (_lock) return _serverProperties ?? new FieldTable().Add("product", "Levada proxy");
    }

    /// <summary>Reads the certificate for clients again.</summary>
    /// <exception cref="IOException">It cannot be used; the one read before stays.</exception>
    public void ReloadCertificate() => _tls?.Load();

    /// <summary>
    /// Takes no more clients, lets those with a channel finish for the drain time, and closes what is left in order.
    /// </summary>
    public async Task DrainAsync()
    {
        const string Reason = "the proxy is shutting down";
        IsDraining = true;
        _listener.Dispose();
        await _accepting;
        var endMs = Environment.TickCount64 + (long)Options.DrainTimeout.TotalMilliseconds;
        while (!_clients.IsEmpty && Environment.TickCount64 < endMs)
        {
            foreach (var client in Clients) client.CloseIfIdle(Reason);
            await Task.WhenAny(Task.WhenAll(_clients.Values), Task.Delay(TickPeriod));
        }
        if (!_clients.IsEmpty) LogDrainTimeout(_clients.Count, (int)Options.DrainTimeout.TotalSeconds);
        foreach (var client in Clients) client.Close(Reason);
        await Task.WhenAny(Task.WhenAll(_clients.Values), Task.Delay(CloseTimeout));
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        foreach (var client in Clients) client.Link.Dispose();
        await Task.WhenAll(_clients.Values);
        await Task.WhenAll(Connections.Select(static c => c.CloseAsync()));
        await _stop.CancelAsync();
        await _ticking;
        _greeted?.Dispose();
        _stop.Dispose();
    }

    private async Task GreetOnceAsync()
    {
        // Off the lock before anything else.
        await Task.Yield();
        try
        {
            var login = await GreetAsync();
            lock (_lock)
            {
                _greeted?.Dispose();
                _greeted = login;
            }
        }
        catch (CloseException e)
        {
            LogUnreachable(e.Message);
        }
        finally
        {
            lock (_lock) _greeting = null;
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await _listener.AcceptAsync();
            }
            catch (Exception e) when (e is ObjectDisposedException
                or SocketException { SocketErrorCode: SocketError.OperationAborted })
            {
                return;
            }
            catch (SocketException e)
            {
                // A client that is gone already, or no descriptors left: wait for some to come back.
                LogAcceptFailed(e.Message);
                if (e.SocketErrorCode == SocketError.TooManyOpenSockets) await Task.Delay(TickPeriod);
                continue;
            }
            if (_clients.Count >= Options.MaxClients)
            {
                Counters.ClientsRefused.Add();
                LogTooMany(socket.RemoteEndPoint, Options.MaxClients);
                socket.Dispose();
                continue;
            }
            Counters.ClientsAccepted.Add();
            _ = StartAsync(socket);
        }
    }

    private async Task StartAsync(Socket socket)
    {
        // Off the accepting loop: a client that sends without waiting would keep it busy.
        await Task.Yield();
        var remote = socket.RemoteEndPoint;
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            socket.NoDelay = true;
            if (_tls is not null) stream = await _tls.AcceptAsync(stream, Options.HandshakeTimeout);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            or OperationCanceledException)
        {
            LogTlsFailed(remote, e.Message);
            await stream.DisposeAsync();
            return;
        }
        var client = new ClientConnection(this, stream, remote);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _clients.TryAdd(client, ended.Task);
        await client.RunAsync();
        _clients.TryRemove(client, out _);
        ended.SetResult();
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickPeriod);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) Tick(Environment.TickCount64);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end.
        }
    }

    private void Tick(long nowMs)
    {
        foreach (var (client, _) in _clients) client.Tick(nowMs);
        KeyValuePair<string, Account>[] accounts;
        lock (_lock)
        {
            accounts = [.. _accounts];
            if (_greeted is { IsFresh: false })
            {
                _greeted.Dispose();
                _greeted = null;
            }
        }
        foreach (var (digest, account) in accounts)
        {
            account.Tick(nowMs);
            lock (_lock)
            {
                if (account.IsUnused) _accounts.Remove(digest);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Reason}")]
    private partial void LogUnreachable(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "cannot accept a client: {Reason}")]
    private partial void LogAcceptFailed(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "client {Client} refused: --max-clients {Limit} are connected")]
    private partial void LogTooMany(EndPoint? client, int limit);

    [LoggerMessage(Level = LogLevel.Warning, Message = "client {Client}: TLS handshake: {Reason}")]
    private partial void LogTlsFailed(EndPoint? client, string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Clients} clients did not end within --drain-timeout {Seconds} s and are closed")]
    private partial void LogDrainTimeout(int clients, int seconds);
}
