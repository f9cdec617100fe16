using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Levada.Cli.Logging;
using Levada.Configuration;
using Levada.Management;
using Levada.Management.Otlp;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Server;

/// <summary>
/// The life of a broker process: AMQP first, then HTTP, then wait for a signal; no more HTTP clients, AMQP away, HTTP
/// away.
/// </summary>
internal sealed partial class ServerHost
{
    private readonly BrokerOptions _options;
    private readonly ConsoleLoggerFactory _log;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource<PosixSignal> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerHost(BrokerOptions options, ConsoleLoggerFactory log)
    {
        _options = options;
        _log = log;
        _logger = log.CreateLogger("Levada.Cli.Server");
    }

    /// <returns>An <see cref="ExitCode"/>.</returns>
    /// <param name="configuration">As it was read.</param>
    /// <param name="reload">Reads it again.</param>
    /// <param name="warnings">What in it has no effect.</param>
    public static async Task<int> RunAsync(
        LoadedConfiguration configuration, Func<LoadedConfiguration> reload, IReadOnlyList<string> warnings)
    {
        var options = configuration.Options;
        ConsoleLoggerFactory log;
        try
        {
            log = ServerLog.Open(options, Console.OpenStandardError(), TimeProvider.System);
        }
        catch (IOException e)
        {
            await Console.Error.WriteLineAsync($"levada: cannot start: {e.Message}");
            return ExitCode.CannotStart;
        }
        using var closing = log;
        var host = new ServerHost(options, log);
        foreach (var warning in warnings)
            host.LogConfiguration(warning);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, host.OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, host.OnSignal);
        return await host.RunAsync(configuration, reload);
    }

    private async Task<int> RunAsync(LoadedConfiguration configuration, Func<LoadedConfiguration> reload)
    {
        LogStarting(Broker.Version, Environment.ProcessId);
        await using var broker = new Broker(_options, _log) { Log = _log.Log };
        broker.Configuration.ComesFrom(configuration, reload);
        ManagementServer? management = null;
        PidFile? pidFile = null;
        try
        {
            await broker.StartAsync();
            // Not before the data folder is ours: the file may be that of the broker that has it.
            pidFile = PidFile.Write(_options.PidFile);
            management = ManagementServer.Start(broker, _options, _log);
        }
        catch (FolderInUseException e)
        {
            LogFolderInUse(e.Message);
            return ExitCode.FolderInUse;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException
            or System.Net.Sockets.SocketException)
        {
            LogCannotStart(e.Message);
            pidFile?.Dispose();
            if (management is not null)
                await management.DisposeAsync();
            return ExitCode.CannotStart;
        }

        using var removing = pidFile;
        foreach (var listener in broker.Listeners.Concat(management.Listeners))
            LogListening(listener);
        if (management.Control is { } control)
            LogListening(control);
        using var telemetry = OtlpExport.Start(broker, _options, _log);
        var age = MillisecondsSinceProcessBegan();
        LogReady(age);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Reload(context, broker));
        Systemd.Ready();
        var signal = await _stop.Task;
        Systemd.Stopping();
        LogStopping(signal);
        // The broker tells AMQP clients on WebSockets too; the web server under them goes last.
        management.StopListening();
        await broker.StopAsync();
        await management.DisposeAsync();
        LogStopped();
        return ExitCode.Stopped;
    }

    private static long MillisecondsSinceProcessBegan()
    {
        using var process = Process.GetCurrentProcess();
        return (long)(TimeProvider.System.GetLocalNow() - process.StartTime).TotalMilliseconds;
    }

    private void Reload(PosixSignalContext context, Broker broker)
    {
        // Without this the runtime would end the process.
        context.Cancel = true;
        Systemd.Reloading();
        LogReloading();
        try
        {
            // After logrotate, which has moved it.
            broker.Log.Reopen?.Invoke();
            broker.ReloadConfiguration();
        }
        catch (ConfigurationException)
        {
            // The log has said it; the broker goes on as before.
        }
        Systemd.Ready();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Without this the runtime would end the process after the first signal.
        context.Cancel = true;
        if (_stop.TrySetResult(context.Signal))
            return;
        LogStoppingAtOnce(context.Signal);
        _log.Dispose();
        Environment.Exit(ExitCode.StoppedAtOnce);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "levada {Version} starting, process {ProcessId}")]
    private partial void LogStarting(string version, int processId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    private partial void LogConfiguration(string warning);

    [LoggerMessage(Level = LogLevel.Critical, Message = "{Reason}")]
    private partial void LogFolderInUse(string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "cannot start: {Reason}")]
    private partial void LogCannotStart(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "listening: {Listener}")]
    private partial void LogListening(Listener listener);

    [LoggerMessage(Level = LogLevel.Information, Message = "ready, {Milliseconds} ms after the process began")]
    private partial void LogReady(long milliseconds);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "SIGHUP: reading the configuration and the certificates again")]
    private partial void LogReloading();

    [LoggerMessage(Level = LogLevel.Information, Message = "{Signal}: stopping; a second signal stops at once")]
    private partial void LogStopping(PosixSignal signal);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Signal} again: stopping at once")]
    private partial void LogStoppingAtOnce(PosixSignal signal);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopped")]
    private partial void LogStopped();
}
