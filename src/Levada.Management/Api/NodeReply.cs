using System.Globalization;
using Levada.Platform;

namespace Levada.Management.Api;

/// <summary>The node, with RabbitMQ's keys; from DiskTotal on LavinMQ's.</summary>
internal sealed record NodeReply
{
    public required string Name { get; init; }

    public string Type { get; } = "disc";

    public bool Running { get; } = true;

    public IReadOnlyList<string> Partitions { get; } = [];

    public string OsPid { get; } = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    public long FdTotal { get; } = OpenFiles.Max;

    public required long FdUsed { get; init; }

    public required RateReply FdUsedDetails { get; init; }

    public long SocketsTotal => FdTotal;

    public required long SocketsUsed { get; init; }

    public required RateReply SocketsUsedDetails { get; init; }

    public required long MemLimit { get; init; }

    public required long MemUsed { get; init; }

    public required RateReply MemUsedDetails { get; init; }

    public required bool MemAlarm { get; init; }

    public string MemCalculationStrategy { get; } = "rss";

    public required long DiskFree { get; init; }

    public required RateReply DiskFreeDetails { get; init; }

    public required long DiskFreeLimit { get; init; }

    public required bool DiskFreeAlarm { get; init; }

    /// <summary>No client may connect, by an operator's wish. Ours.</summary>
    public required bool ListenersSuspended { get; init; }

    /// <summary>Threads: here they are what Erlang's processes are there.</summary>
    public required long ProcUsed { get; init; }

    public required RateReply ProcUsedDetails { get; init; }

    public long ProcTotal { get; } = short.MaxValue;

    public string RatesMode { get; } = "detailed";

    /// <summary>In milliseconds.</summary>
    public required long Uptime { get; init; }

    public required long RunQueue { get; init; }

    public int Processors { get; } = Environment.ProcessorCount;

    public IReadOnlyList<ExchangeTypeReply> ExchangeTypes { get; } = NodeFacts.ExchangeTypes;

    public required IReadOnlyList<ExchangeTypeReply> AuthMechanisms { get; init; }

    public required IReadOnlyList<ApplicationReply> Applications { get; init; }

    public required IReadOnlyList<ContextReply> Contexts { get; init; }

    public required IReadOnlyList<string> LogFiles { get; init; }

    public required string DbDir { get; init; }

    public required IReadOnlyList<string> ConfigFiles { get; init; }

    public int NetTicktime { get; }

    public IReadOnlyList<string> EnabledPlugins { get; } = [];

    public IReadOnlyDictionary<string, int> RaOpenFileMetrics { get; } = new Dictionary<string, int>();

    public IReadOnlyList<string> ClusterLinks { get; } = [];

    public IReadOnlyDictionary<string, int> MetricsGcQueueLength { get; } = new Dictionary<string, int>();

    public required long GcNum { get; init; }

    public required RateReply GcNumDetails { get; init; }

    public required long GcBytesReclaimed { get; init; }

    public required RateReply GcBytesReclaimedDetails { get; init; }

    public required long ContextSwitches { get; init; }

    public required RateReply ContextSwitchesDetails { get; init; }

    public required long IoReadCount { get; init; }

    public required RateReply IoReadCountDetails { get; init; }

    public required long IoReadBytes { get; init; }

    public required RateReply IoReadBytesDetails { get; init; }

    public required long IoWriteCount { get; init; }

    public required RateReply IoWriteCountDetails { get; init; }

    public required long IoWriteBytes { get; init; }

    public required RateReply IoWriteBytesDetails { get; init; }

    public required long IoSyncCount { get; init; }

    public required RateReply IoSyncCountDetails { get; init; }

    public long ConnectionCreated { get; init; }

    public RateReply ConnectionCreatedDetails { get; init; } = new(0);

    public long ConnectionClosed { get; init; }

    public RateReply ConnectionClosedDetails { get; init; } = new(0);

    public long ChannelCreated { get; init; }

    public RateReply ChannelCreatedDetails { get; init; } = new(0);

    public long ChannelClosed { get; init; }

    public RateReply ChannelClosedDetails { get; init; } = new(0);

    public long QueueDeclared { get; init; }

    public RateReply QueueDeclaredDetails { get; init; } = new(0);

    public long QueueCreated { get; init; }

    public RateReply QueueCreatedDetails { get; init; } = new(0);

    public long QueueDeleted { get; init; }

    public RateReply QueueDeletedDetails { get; init; } = new(0);

    public required long DiskTotal { get; init; }

    /// <summary>Milliseconds.</summary>
    public required long CpuUserTime { get; init; }

    public required RateReply CpuUserTimeDetails { get; init; }

    public required long CpuSysTime { get; init; }

    public required RateReply CpuSysTimeDetails { get; init; }

    public bool IsLeader { get; } = true;

    public IReadOnlyList<string> Followers { get; } = [];
}

/// <summary>A part of the program.</summary>
internal sealed record ApplicationReply(string Name, string Description, string Version);
