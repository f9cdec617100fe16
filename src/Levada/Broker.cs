using System.Net;
using Levada.Platform;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>The broker: wires everything by constructor and owns it from start to stop.</summary>
public sealed partial class Broker : IAsyncDisposable
{
    private readonly BrokerOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private FolderLock? _lock;
    private long _startedTimestamp;

    public Broker(BrokerOptions options, ILoggerFactory loggerFactory)
    {
        _options = options;
        _logger = loggerFactory.CreateLogger<Broker>();
        _time = TimeProvider.System;
    }

    /// <summary>What is open, with the ports really bound.</summary>
    public IReadOnlyList<Listener> Listeners { get; } = [];

    /// <summary>Opens the data folder and the listeners; returns when clients can connect.</summary>
    /// <exception cref="FolderInUseException">Another broker holds the data folder.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _lock = FolderLock.Acquire(_options.DataDir);
        _startedTimestamp = _time.GetTimestamp();
        LogStarted(_options.DataDir, _options.EffectiveShards);
        return Task.CompletedTask;
    }

    /// <summary>Closes every connection with 320, makes everything durable and lets go of the data folder.</summary>
    public Task StopAsync(CancellationToken cancellationToken = default)
    {
        _lock?.Dispose();
        _lock = null;
        return Task.CompletedTask;
    }

    public BrokerOverview GetOverview() => new()
    {
        Uptime = _startedTimestamp == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_startedTimestamp),
    };

    /// <summary>True if the password is the user's and the user may come from that address.</summary>
    public bool Authenticate(string user, string password, IPAddress remote) =>
        user == _options.DefaultUser && password == _options.DefaultPass
        && (IPAddress.IsLoopback(remote) || !_options.LoopbackUsers.Contains(user));

    public async ValueTask DisposeAsync() => await StopAsync();

    [LoggerMessage(Level = LogLevel.Information, Message = "data folder {Folder} opened, {Shards} shards")]
    private partial void LogStarted(string folder, int shards);
}
