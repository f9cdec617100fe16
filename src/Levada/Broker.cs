using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Levada.Amqp;
using Levada.Auth;
using Levada.Catalog;
using Levada.Configuration;
using Levada.Events;
using Levada.Exchanges;
using Levada.History;
using Levada.Journal;
using Levada.Logs;
using Levada.Operations;
using Levada.Platform;
using Levada.Queues;
using Levada.Storage;
using Levada.Telemetry;
using Levada.Tracing;
using Levada.Transports;
using Levada.Warnings;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>
/// A whole broker on one data folder: everything is made and wired here, by constructor. Start, use, stop once each.
/// </summary>
public sealed partial class Broker : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly ILoggerFactory _loggers;
    private readonly IDisk _disk;
    private readonly ResourceWatch _resources;
    private readonly List<Shard> _shards = [];
    private FolderLock? _lock;
    private Ticker? _ticker;
    private long _startedTimestamp;
    private long _tickMs = Environment.TickCount64;
    private long _recentElapsedMs;
    private readonly IdleTrim _idleTrim;

    // One look at the memory at a time.
    private readonly SemaphoreSlim _memoryLook = new(1);
    private long _postedBytes;

    /// <summary>Opens nothing yet.</summary>
    public Broker(BrokerOptions options, ILoggerFactory loggerFactory)
        : this(options, loggerFactory, new FileSystemDisk(), new PoolScheduler(), TimeProvider.System)
    {
    }

    /// <summary>A broker whose disk, threads and clock are simulated.</summary>
    internal Broker(
        BrokerOptions options, ILoggerFactory loggerFactory, IDisk disk, IScheduler scheduler, TimeProvider time)
    {
        Options = options;
        Configuration = new RunningConfiguration(options);
        Log = new BrokerLog(options);
        _disk = disk;
        _resources = new ResourceWatch(options, disk, Alarms, () => _shards.Exists(static s => s.IsDiskFull));
        Scheduler = scheduler;
        Time = time;
        _idleTrim = new IdleTrim(options.MemoryTrimAfter, time, IdleTrim.Collect);
        Publisher = new InternalPublisher(scheduler, options.InternalPublishMax);
        _logExchange = NewLogExchange(loggerFactory);
        loggerFactory = _logExchange ?? loggerFactory;
        _loggers = loggerFactory;
        _logger = loggerFactory.CreateLogger<Broker>();
        ConnectionLogger = loggerFactory.CreateLogger<Connection>();
        ChannelLogger = loggerFactory.CreateLogger<Channel>();
        Limits = new Limits(ConnectionLogger);
        Connections = new OpenConnections(this);
        Warnings = new WarningBoard(options.Warnings, ConnectionLogger, time) { Changed = TellWarning };
        WarningWatch = new WarningWatch(Connections, options.Warnings, Warnings, time);
        Traces = new Traces(this);
        History = new BrokerHistory(this, options);
        HttpStreams = new HttpStreams(options.HttpStreamsMax, Limits.HttpStreams);
        _listeners = new AmqpListeners(this, loggerFactory);
        Drain = new Drain(this, loggerFactory.CreateLogger<Drain>());
        Actions = new OperatorActions(this, loggerFactory);
        for (var i = 0; i < ShardsOf(options, disk); i++)
            _shards.Add(new Shard(new ShardId(i), Scheduler, Time, Fatal));
        Catalog = new CatalogStore(
            NewCatalogOptions(),
            _shards,
            _disk,
            Scheduler,
            loggerFactory.CreateLogger<CatalogStore>());
        Closed = new ClosedSessions(Catalog, options.ClosedHistoryMax);
        Catalog.Hooks.QueueAdded = queue =>
        {
            queue.Shard.Post(new AttachCommand(queue));
            Connections.CountQueue(queue, isNew: true);
        };
        Catalog.Hooks.QueueRemoved = QueueRemoved;
        Catalog.Hooks.HistoryBound = HistoryDelivery.Deliver;
        Catalog.Hooks.QueuesRuled = RuleCommand.Post;
        Catalog.Hooks.PolicyGivenUp = policy => LogPolicyGivenUp(policy, policy.Pattern.Text);
        Catalog.Hooks.VHostRemoved = CloseConnectionsTo;
        Catalog.Hooks.UserRemoved = CloseConnectionsOf;
        Catalog.Hooks.RightsChanged = FollowRights;
        Catalog.Hooks.Failed = Fatal;
        _events = new EventExchange(Publisher, EventFeed, time);
        (Catalog.Hooks.TellsEvents, Catalog.Hooks.Happened) = (() => Events is not null, _events.Publish);
        Interceptors = MessageInterceptors.From(options, NodeName);
        LoginDelays = new LoginDelays(options, time);
        Logins = new LoginCounts(options);
        Authenticator = new Authenticator(
            () => Catalog.Accounts, () => options.LoopbackUsers, options.AuthMechanisms, LoginDelays);
        Alarms.Changed = TellAlarms;
        Spans = options.OtlpTraces ? new MessageSpans(time) : null;
        FollowReloads();
    }

    public static string Version { get; } =
        typeof(Broker).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            .Split('+')[0] ?? "0";

    public CatalogStore Catalog { get; }

    /// <summary>What was logged lately; another one's if the executable's loggers write to one.</summary>
    public BrokerLog Log { get; init; }

    /// <summary>The options with their sources, and their reload.</summary>
    public RunningConfiguration Configuration { get; }

    public OpenConnections Connections { get; }

    /// <summary>The connections and channels that were closed lately, and why.</summary>
    public ClosedSessions Closed { get; }

    /// <summary>The conversations with clients that somebody watches, or watched lately.</summary>
    public Traces Traces { get; }

    /// <summary>Answers over HTTP that go on.</summary>
    public HttpStreams HttpStreams { get; }

    /// <summary>What the broker was like.</summary>
    public BrokerHistory History { get; }

    /// <summary>Taking the node out of service, and back.</summary>
    public Drain Drain { get; }

    /// <summary>What operators may do to connections, channels, consumers and the node.</summary>
    public OperatorActions Actions { get; }

    public Limits Limits { get; }

    public Alarms Alarms { get; } = new();

    /// <summary>What clients should do otherwise.</summary>
    public WarningBoard Warnings { get; }

    internal WarningWatch WarningWatch { get; }

    internal BrokerOptions Options { get; }

    internal IReadOnlyList<Shard> Shards => _shards;

    internal IScheduler Scheduler { get; }

    /// <summary>Milliseconds since the start, by a clock that nobody sets.</summary>
    internal long ElapsedMs => (long)Time.GetElapsedTime(_startedTimestamp).TotalMilliseconds;

    /// <summary>The same, a quarter of a second old at most.</summary>
    internal long RecentElapsedMs => Volatile.Read(ref _recentElapsedMs);

    internal TimeProvider Time { get; }

    /// <summary>The time of day by the broker's clock.</summary>
    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>The system's tick count, a quarter of a second old at most: for where asking is too dear.</summary>
    internal long TickMs => Volatile.Read(ref _tickMs);

    internal Authenticator Authenticator { get; }

    /// <summary>Sizes and delays of the stores; a simulation makes them small.</summary>
    internal StoreOptions StoreLimits { private get; init; } = new() { Epoch = 1 };

    /// <summary>Ends the process for a cause that is logged already; a simulation tells it instead.</summary>
    internal Action<Exception> EndProcess { private get; init; } =
        static cause => Environment.FailFast($"levada cannot go on: {cause.Message}", cause);

    /// <summary>Null if messages stay as they are published.</summary>
    internal MessageInterceptors? Interceptors { get; }

    internal DirectReplies DirectReplies { get; } = new();

    /// <summary>Bodies that are files of their own. From the recovery on.</summary>
    internal BodyFiles Bodies { get; private set; } = null!;

    /// <summary>Bytes of messages posted by all connections and not yet taken care of by shards.</summary>
    internal long PostedBytes => Interlocked.Read(ref _postedBytes);

    internal void AddPosted(long bytes) => Interlocked.Add(ref _postedBytes, bytes);

    internal ILogger ConnectionLogger { get; }

    internal ILogger ChannelLogger { get; }

    /// <summary>As RabbitMQ writes it in texts: `levada@host`.</summary>
    public string NodeName { get; } = $"levada@{Environment.MachineName}";

    /// <summary>The global parameter cluster_name, if it is set; else as configured, or the node's name.</summary>
    public string ClusterName =>
        Catalog.GlobalParameters.TryGetValue(ClusterNameParameter, out var json)
        && JsonElement.Parse(json) is { ValueKind: JsonValueKind.String } name
            ? name.GetString()!
            : Options.ClusterName.Length > 0 ? Options.ClusterName : NodeName;

    /// <summary>Where RabbitMQ keeps it, and so its definitions bring it.</summary>
    public const string ClusterNameParameter = "cluster_name";

    /// <exception cref="FolderInUseException">Another broker has the data folder.</exception>
    /// <exception cref="IOException">The folder or an address cannot be used.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _startedTimestamp = Time.GetTimestamp();
        _lock = FolderLock.Acquire(Options.DataDir);
        Open();
        await LoadDefinitionsAsync();
        _ticker = new Ticker(Tick, Time);
        _listeners.Open();
        LogStarted(Options.DataDir, _shards.Count);
    }

    /// <summary>Reads what is on disk; after it connections may be served.</summary>
    internal void Open()
    {
        Recover(Catalog.Start());
        DeclareOwnExchanges();
        _resources.Check();
    }

    /// <summary>Takes a queue out of the catalog and drops it; <paramref name="done"/> may run on any thread.</summary>
    internal void DeleteQueue(Queue queue, Action done, string? by = null)
    {
        if (Catalog.FindVHost(queue.VHost) is { } vhost)
            Catalog.DeleteQueue(vhost, queue, done, by);
        else
            done();
    }

    private void Tick()
    {
        var now = Environment.TickCount64;
        Volatile.Write(ref _tickMs, now);
        Volatile.Write(ref _recentElapsedMs, ElapsedMs);
        foreach (var connection in Connections.All)
            connection.Tick(now);
        WatchLimits(now);
        WarningWatch.Tick();
        Traces.Tick(now);
        History.Tick(now);
        try
        {
            _resources.Check();
        }
        catch (IOException e)
        {
            LogDiskUnreadable(e.Message);
        }
        Catalog.RetryWrites();
        _idleTrim.Tick(_shards.Sum(static shard => shard.Turns));
    }

    /// <summary>A write found no space; the next look at the disk may find some again.</summary>
    internal void DiskTookNoMore() =>
        Alarms.Set(Alarms.Disk, "low on disk (a write found no space)", isFull: true);

    private void DiskFullChanged(Shard shard, bool full)
    {
        if (full)
            DiskTookNoMore();
        else if (!_shards.Exists(static s => s.IsDiskFull))
            Alarms.SpaceIsBack();
    }

    private void QueueRemoved(Queue queue)
    {
        Connections.CountQueue(queue, isNew: false);
        queue.Shard.Post(new DropCommand(queue));
        if (queue.Owner is Connection owner)
            owner.RunOnTurn(() => owner.RemoveExclusive(queue));
    }

    private void CloseConnectionsTo(VHost vhost)
    {
        foreach (var connection in Connections.All.Where(c => c.VHost == vhost))
            connection.CloseForced($"vhost '{vhost.Name}' is deleted");
    }

    private void CloseConnectionsOf(string user)
    {
        foreach (var connection in Connections.All.Where(c => c.UserName == user))
            connection.CloseForced($"user '{user}' is deleted");
    }

    private void FollowRights(string user)
    {
        foreach (var connection in Connections.All.Where(c => c.UserName == user))
            connection.FollowRights();
    }

    /// <summary>
    /// Closes every connection with 320, waits a bounded time for their settles and close-oks, writes everything out.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        if (_lock is null)
            return;
        _isStopping = true;
        await Drain.DisposeAsync();
        _listeners.Dispose();
        foreach (var connection in Connections.All)
            connection.CloseForced("broker forced connection closure with reason 'shutdown'");
        await AllGoneAsync(cancellationToken);
        foreach (var connection in Connections.All)
            connection.Abort("broker is stopping");
        // What they held is put back by their reading loops, before the shards write themselves out.
        await AllGoneAsync(CancellationToken.None);
        if (_ticker is not null)
            await _ticker.DisposeAsync();
        await EndForwardingAsync();
        await Task.WhenAll(_shards.Select(static s => s.StopAsync()));
        await Catalog.DisposeAsync();
        _lock.Dispose();
        _lock = null;
    }

    // A broken invariant or a disk that cannot be trusted: nothing may be confirmed any more.
    private void Fatal(Exception cause)
    {
        LogFatal(cause);
        EndProcess(cause);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var shard in _shards)
            shard.Dispose();
        _listeners.Tls?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "data folder {Folder} opened, {Shards} shards")]
    private partial void LogStarted(string folder, int shards);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "shard {Shard}: the last stop was not clean; {Messages} messages recovered, {TornBytes} torn "
        + "bytes cut")]
    private partial void LogUncleanStop(ShardId shard, long messages, long tornBytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "shard {Shard}: damage: {What} ({Messages} messages or more)")]
    private partial void LogDamage(ShardId shard, string what, long messages);

    [LoggerMessage(Level = LogLevel.Warning, Message = "alarm: {Reason}; publishers wait until it is over")]
    private partial void LogAlarm(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "the free space of the data folder cannot be read: {Reason}")]
    private partial void LogDiskUnreadable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "alarms are over; publishing goes on")]
    private partial void LogAlarmCleared();

    [LoggerMessage(Level = LogLevel.Critical,
        Message = "fatal: the broker ends now so that nothing false is confirmed")]
    private partial void LogFatal(Exception cause);
}
