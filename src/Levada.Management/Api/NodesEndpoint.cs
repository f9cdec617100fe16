using Levada.History;
using Levada.Management.Lists;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>/api/nodes: the one node there is.</summary>
internal sealed class NodesEndpoint(Broker broker, BrokerOptions options, IReadOnlyList<Listener> http)
{
    public Task ListAsync(HttpContext context) => Reply.WithFaultsAsync(
        context,
        () => ListReply.WriteAsync(
            context, [ToReply(context)], ApiJson.Default.NodeReply, static node => node.Name));

    public Task GetAsync(HttpContext context) => Reply.WithFaultsAsync(
        context,
        () => IsHere(broker, context)
            ? Reply.OkAsync(context, ToReply(context), ApiJson.Default.NodeReply)
            : Reply.NotFoundAsync(context));

    /// <summary>GET …/gc_stats: what the runtime's heap is like.</summary>
    public static Task CollectorAsync(HttpContext context)
    {
        var memory = GC.GetGCMemoryInfo();
        var reply = new CollectorReply(
            memory.HeapSizeBytes, memory.FragmentedBytes, memory.TotalCommittedBytes, GC.GetTotalAllocatedBytes(),
            GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2), memory.PauseTimePercentage);
        return Reply.OkAsync(context, reply, ApiJson.Default.CollectorReply);
    }

    /// <summary>Whether the path names this node.</summary>
    public static bool IsHere(Broker broker, HttpContext context) => PathName.Of(context, "node") == broker.NodeName;

    private NodeReply ToReply(HttpContext context)
    {
        var (o, use) = (broker.GetOverview(), NodeUse.Take());
        var d = NodeDetails.Of(broker, o, use, context.Request.Query);
        return WithChurn(o.Churn, d, new NodeReply
        {
            Name = broker.NodeName,
            FdUsed = use.Files,
            FdUsedDetails = d.Node("fd_used"),
            SocketsUsed = o.Connections,
            SocketsUsedDetails = d.Node("sockets_used"),
            MemLimit = o.MemoryLimit,
            MemUsed = o.MemoryUsed,
            MemUsedDetails = d.Node("mem_used"),
            MemAlarm = o.Alarms.Any(static alarm => alarm.Resource == "memory"),
            DiskFree = o.DiskFree,
            DiskFreeDetails = d.Node("disk_free"),
            DiskFreeLimit = o.DiskFreeLimit,
            DiskFreeAlarm = o.Alarms.Any(static alarm => alarm.Resource == "disk"),
            ListenersSuspended = broker.AreListenersSuspended,
            ProcUsed = use.Threads,
            ProcUsedDetails = d.Node("proc_used"),
            Uptime = (long)o.Uptime.TotalMilliseconds,
            RunQueue = ThreadPool.PendingWorkItemCount,
            AuthMechanisms =
                [.. options.AuthMechanisms.Select(static name => new ExchangeTypeReply(name, $"SASL {name}", true))],
            Applications =
            [
                new("levada", "AMQP 0-9-1 broker", Broker.Version), new("dotnet", ".NET runtime", NodeFacts.Runtime),
            ],
            Contexts = NodeFacts.Contexts(broker.NodeName, http),
            LogFiles = [],
            DbDir = Path.GetFullPath(options.DataDir),
            ConfigFiles = [],
            GcNum = use.GarbageCollections,
            GcNumDetails = d.Node("gc_num"),
            GcBytesReclaimed = use.BytesReclaimed,
            GcBytesReclaimedDetails = d.Node("gc_bytes_reclaimed"),
            ContextSwitches = use.ContextSwitches,
            ContextSwitchesDetails = d.Node("context_switches"),
            IoReadCount = use.Reads,
            IoReadCountDetails = d.Node("io_read_count"),
            IoReadBytes = use.BytesRead,
            IoReadBytesDetails = d.Node("io_read_bytes"),
            IoWriteCount = use.Writes,
            IoWriteCountDetails = d.Node("io_write_count"),
            IoWriteBytes = use.BytesWritten,
            IoWriteBytesDetails = d.Node("io_write_bytes"),
            IoSyncCount = o.Path.JournalSyncs,
            IoSyncCountDetails = d.Node("io_sync_count"),
            DiskTotal = DiskTotal(),
            CpuUserTime = use.UserMs,
            CpuUserTimeDetails = d.Node("cpu_user_time"),
            CpuSysTime = use.SystemMs,
            CpuSysTimeDetails = d.Node("cpu_sys_time"),
        });
    }

    private static NodeReply WithChurn(ChurnTotals churn, Details d, NodeReply node) => node with
    {
        ConnectionCreated = churn.ConnectionsOpened,
        ConnectionCreatedDetails = d.Node("connection_created"),
        ConnectionClosed = churn.ConnectionsClosed,
        ConnectionClosedDetails = d.Node("connection_closed"),
        ChannelCreated = churn.ChannelsOpened,
        ChannelCreatedDetails = d.Node("channel_created"),
        ChannelClosed = churn.ChannelsClosed,
        ChannelClosedDetails = d.Node("channel_closed"),
        QueueDeclared = churn.QueuesDeclared,
        QueueDeclaredDetails = d.Node("queue_declared"),
        QueueCreated = churn.QueuesCreated,
        QueueCreatedDetails = d.Node("queue_created"),
        QueueDeleted = churn.QueuesDeleted,
        QueueDeletedDetails = d.Node("queue_deleted"),
    };

    private long DiskTotal() => new DriveInfo(Path.GetFullPath(options.DataDir)).TotalSize;
}
