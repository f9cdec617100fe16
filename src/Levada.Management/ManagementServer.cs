using System.Net;
using System.Net.Sockets;
using Levada.Management.Lists;
using Levada.Management.Web;
using Levada.Platform;
using Levada.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Levada.Management;

/// <summary>
/// The HTTP side of a running broker: the API, health checks and metrics. The ports are open at once; the web server
/// behind them starts with the first connection, since it takes more time and memory to start than all the rest, and
/// many brokers are never asked.
/// </summary>
public sealed partial class ManagementServer : IAsyncDisposable
{
    private readonly Broker _broker;
    private readonly BrokerOptions _options;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private readonly List<HttpListener> _listeners = [];
    private readonly SampledObjects _sampled;

    // Null without TLS.
    private readonly HttpTls? _tls;
    private Task<WebApplication?> _web = Task.FromResult<WebApplication?>(null);

    private ManagementServer(Broker broker, BrokerOptions options, ILoggerFactory loggers)
    {
        _broker = broker;
        _options = options;
        _loggers = loggers;
        _sampled = new SampledObjects(broker);
        _logger = loggers.CreateLogger<ManagementServer>();
        if (!options.HasHttpTls)
            return;
        var tls = new HttpTls(options, _logger);
        _tls = tls;
        broker.Configuration.Add(tls.Prepare);
    }

    /// <summary>The addresses really bound.</summary>
    public IReadOnlyList<Listener> Listeners =>
    [
        .. Of(HttpListenerKind.Api).Select(static l => new Listener(l.IsTls ? "https" : "http", l.EndPoint)),
        .. Of(HttpListenerKind.Metrics).Select(static l => new Listener("http/prometheus", l.EndPoint)),
    ];

    /// <summary>The control socket; null if there is none.</summary>
    public Listener? Control => Of(HttpListenerKind.Control).FirstOrDefault() is { } control
        ? new Listener("control", control.EndPoint)
        : null;

    private IEnumerable<HttpListener> Of(HttpListenerKind kind) => _listeners.Where(l => l.Kind == kind);

    /// <summary>Opens the ports.</summary>
    /// <exception cref="IOException">A port is taken or not allowed.</exception>
    public static ManagementServer Start(Broker broker, BrokerOptions options, ILoggerFactory loggers)
    {
        var server = new ManagementServer(broker, options, loggers);
        broker.History.Watched.Find = server._sampled.All;
        try
        {
            var sockets = options.HttpSockets.Count > 0 ? options.HttpSockets : options.HttpListeners.Select(
                where => ListenSocket.Open(where.Address, where.Port, options.ListenBacklog));
            foreach (var socket in sockets)
                server._listeners.Add(new HttpListener(socket));
            foreach (var where in options.HttpsListeners)
            {
                server._listeners.Add(new HttpListener(
                    ListenSocket.Open(where.Address, where.Port, options.ListenBacklog), isTls: true));
            }
            server.OpenControlSocket();
            server.OpenMetricsPorts();
        }
        catch (IOException)
        {
            server.CloseListeners();
            throw;
        }

        if (server._listeners.Count > 0)
            server._web = server.RunWhenAskedAsync();
        return server;
    }

    /// <summary>Takes no more connections; those there are go on.</summary>
    public void StopListening() => CloseListeners();

    /// <summary>Ends what still goes on. AMQP over WebSocket is ended by the broker's own stop, before.</summary>
    public async ValueTask DisposeAsync()
    {
        CloseListeners();
        if (await _web is { } web)
            await web.DisposeAsync();
    }

    /// <returns>Null if nobody asked before the end.</returns>
    private async Task<WebApplication?> RunWhenAskedAsync()
    {
        var first = await Task.WhenAny(_listeners.Select(l => l.First));
        if (!first.IsCompletedSuccessfully)
            return null;
        try
        {
            var web = Build();
            await web.StartAsync();
            return web;
        }
        catch (Exception e)
        {
            // AMQP goes on; whoever asks over HTTP finds the ports closed.
            LogCannotServe(e);
            CloseListeners();
            return null;
        }
    }

    // Peer credentials are Linux'.
    private void OpenControlSocket()
    {
        if (!OperatingSystem.IsLinux() || _options.ControlSocket is "")
            return;
        var path = _options.ControlSocket ?? _options.DefaultControlSocket;
        try
        {
            _listeners.Add(new HttpListener(
                ListenSocket.Open(
                    path, UnixFileMode.UserRead | UnixFileMode.UserWrite, _options.ListenBacklog),
                HttpListenerKind.Control));
        }
        catch (IOException e) when (_options.ControlSocket is null)
        {
            // Nobody asked for it: the path is too long, or the disk of the data takes no sockets.
            LogNoControlSocket(e.Message);
        }
    }

    private void OpenMetricsPorts()
    {
        try
        {
            foreach (var where in _options.MetricsListeners)
            {
                _listeners.Add(new HttpListener(
                    ListenSocket.Open(where.Address, where.Port, _options.ListenBacklog), HttpListenerKind.Metrics));
            }
        }
        catch (IOException e) when (!_options.MetricsPortIsAsked)
        {
            // Another broker on this machine has it, mostly.
            LogNoMetricsPort(e.Message);
        }
    }

    private WebApplication Build()
    {
        // The empty builder brings no configuration sources, no logging providers and no file watchers.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(_loggers);
        builder.Services.AddSingleton<IConnectionListenerFactory>(new HttpTransport(_listeners, _loggers));
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(Configure);
        var web = builder.Build();
        web.Use(MetricsPort.InvokeAsync);
        web.Use(new HttpHeaders(_options).InvokeAsync);
        web.Use(new RequestFaults(_options).InvokeAsync);
        web.UseWebSockets();
        web.Use(new AmqpOverWebSocket(_broker).InvokeAsync);
        web.Use(Methods.BeforeRoutingAsync);
        web.UseRouting();
        web.Use(Methods.AfterRoutingAsync);
        web.Use(new BasicAuthentication(_broker, _options, _tls).InvokeAsync);
        web.Use(new LiveReplies(_broker, web.Lifetime).InvokeAsync);
        Endpoints.Map(web, _broker, _options, Listeners, _sampled);
        Endpoints.MapOpenApi(web);
        Endpoints.MapStreams(web, _broker, web.Lifetime);
        WebPage.Map(web);
        return web;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        var limits = kestrel.Limits;
        limits.MaxRequestBodySize = _options.HttpRequestMax;
        limits.MaxConcurrentConnections = _options.HttpConnectionMax > 0 ? _options.HttpConnectionMax : null;
        limits.KeepAliveTimeout = _options.HttpIdleTimeout;
        limits.RequestHeadersTimeout = _options.HttpRequestTimeout;
        foreach (var listener in _listeners)
        {
            kestrel.Listen(listener.EndPoint, o =>
            {
                o.Protocols = HttpProtocols.Http1;
                if (listener.IsTls)
                    o.UseHttps(Handshakes(_tls!));
            });
        }
    }

    private TlsHandshakeCallbackOptions Handshakes(HttpTls tls) => new()
    {
        OnConnection = hello => ValueTask.FromResult(tls.ForHandshake(hello.ClientHelloInfo.ServerName)),
        HandshakeTimeout = _options.HandshakeTimeout,
    };

    private void CloseListeners()
    {
        foreach (var listener in _listeners)
            listener.Dispose();
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "no control socket: {Reason}; operators of this machine need a password, or set control_unix_path")]
    private partial void LogNoControlSocket(string reason);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "no port for metrics alone: {Reason}; they are on the HTTP port, or set prometheus.tcp.port")]
    private partial void LogNoMetricsPort(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "the web server cannot start; HTTP is off")]
    private partial void LogCannotServe(Exception cause);
}
