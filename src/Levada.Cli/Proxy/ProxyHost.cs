using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Levada.Cli.Logging;
using Levada.Cli.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Proxy;

/// <summary>The life of a proxy process: clients first, then HTTP; on a signal it drains.</summary>
internal sealed partial class ProxyHost : IDisposable
{
    private readonly ProxyOptions _options;
    private readonly ConsoleLoggerFactory _log;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<PosixSignal> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProxyHost(ProxyOptions options)
    {
        _options = options;
        _log = new ConsoleLoggerFactory(options.LogLevel, Console.OpenStandardError(), TimeProvider.System);
        _logger = _log.CreateLogger("Levada.Cli.Proxy");
    }

    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(ProxyOptions options)
    {
        using var host = new ProxyHost(options);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, host.OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, host.OnSignal);
        return await host.RunAsync();
    }

    public void Dispose() => _log.Dispose();

    private async Task<int> RunAsync()
    {
        LogStarting(Broker.Version, Environment.ProcessId, _options.Upstream);
        ProxyServer? proxy = null;
        WebApplication? web = null;
        try
        {
            proxy = ProxyServer.Start(_options, _log);
            LogListening(_options.CertificateFile is null ? "amqp" : "amqps", proxy.EndPoint);
            if (_options.HttpPort >= 0)
            {
                web = await ProxyHttp.StartAsync(proxy, _log);
                var http = ProxyHttp.EndPointOf(web);
                LogListening("http", http);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            LogCannotStart(e.Message);
            if (proxy is not null) await proxy.DisposeAsync();
            return ExitCode.CannotStart;
        }
        LogReady();
        using var reload = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Reload(context, proxy));
        var signal = await _stop.Task;
        LogDraining(signal);
        await proxy.DrainAsync();
        await proxy.DisposeAsync();
        if (web is not null) await web.DisposeAsync();
        LogStopped();
        return ExitCode.Stopped;
    }

    private void Reload(PosixSignalContext context, ProxyServer proxy)
    {
        // Without this the runtime would end the process.
        context.Cancel = true;
        try
        {
            proxy.ReloadCertificate();
            LogReloaded();
        }
        catch (IOException e)
        {
            LogNotReloaded(e.Message);
        }
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Without this the runtime would end the process after the first signal.
        context.Cancel = true;
        if (_stop.TrySetResult(context.Signal)) return;
        LogStoppingAtOnce(context.Signal);
        _log.Dispose();
        Environment.Exit(ExitCode.StoppedAtOnce);
    }

    [LoggerMessage(
        Level = LogLevel.Information, Message = "levada proxy {Version} starting, process {ProcessId}, for {Upstream}")]
    private partial void LogStarting(string version, int processId, string upstream);

    [LoggerMessage(Level = LogLevel.Critical, Message = "cannot start: {Reason}")]
    private partial void LogCannotStart(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "listening: {Protocol} {EndPoint}")]
    private partial void LogListening(string protocol, EndPoint endPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "ready")]
    private partial void LogReady();

    [LoggerMessage(Level = LogLevel.Information, Message = "SIGHUP: the certificate was read again")]
    private partial void LogReloaded();

    [LoggerMessage(Level = LogLevel.Error, Message = "SIGHUP: {Reason}; the certificate read before stays in use")]
    private partial void LogNotReloaded(string reason);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "{Signal}: no new clients; those with a channel may finish; a second signal stops at once")]
    private partial void LogDraining(PosixSignal signal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Signal} again: stopping at once")]
    private partial void LogStoppingAtOnce(PosixSignal signal);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopped")]
    private partial void LogStopped();
}
