namespace Levada.History;

/// <summary>What is sampled of the whole node, by RabbitMQ's names.</summary>
public static class NodeFigures
{
    private static readonly (string Name, Func<BrokerOverview, NodeUse, long> Of)[] All =
    [
        ("publish", static (o, _) => o.Messages.Published),
        ("confirm", static (o, _) => o.Messages.Confirmed),
        ("return_unroutable", static (o, _) => o.Messages.Returned),
        ("drop_unroutable", static (o, _) => o.Messages.DroppedUnroutable),
        ("deliver", static (o, _) => o.Messages.DeliveredManualAck),
        ("deliver_no_ack", static (o, _) => o.Messages.DeliveredAutoAck),
        ("get", static (o, _) => o.Messages.GotManualAck),
        ("get_no_ack", static (o, _) => o.Messages.GotAutoAck),
        ("get_empty", static (o, _) => o.Messages.GotEmpty),
        ("deliver_get", static (o, _) => o.Messages.HandedOut),
        ("redeliver", static (o, _) => o.Messages.Redelivered),
        ("ack", static (o, _) => o.Messages.Acked),
        ("reject", static (o, _) => o.Messages.Rejected),
        ("disk_reads", static (o, _) => o.Path.BlocksRead),
        ("disk_writes", static (o, _) => o.Path.JournalSyncs),
        ("connection_created", static (o, _) => o.Churn.ConnectionsOpened),
        ("connection_closed", static (o, _) => o.Churn.ConnectionsClosed),
        ("channel_created", static (o, _) => o.Churn.ChannelsOpened),
        ("channel_closed", static (o, _) => o.Churn.ChannelsClosed),
        ("queue_declared", static (o, _) => o.Churn.QueuesDeclared),
        ("queue_created", static (o, _) => o.Churn.QueuesCreated),
        ("queue_deleted", static (o, _) => o.Churn.QueuesDeleted),
        ("messages", static (o, _) => o.MessagesReady + o.MessagesUnacked),
        ("messages_ready", static (o, _) => o.MessagesReady),
        ("messages_unacknowledged", static (o, _) => o.MessagesUnacked),
        ("recv_oct", static (o, _) => o.Path.BytesReceived),
        ("send_oct", static (o, _) => o.Path.BytesSent),
        ("mem_used", static (o, _) => o.MemoryUsed),
        ("disk_free", static (o, _) => o.DiskFree),
        ("sockets_used", static (o, _) => o.Connections),
        ("io_sync_count", static (o, _) => o.Path.JournalSyncs),
        ("io_write_count", static (_, u) => u.Writes),
        ("io_write_bytes", static (_, u) => u.BytesWritten),
        ("io_read_count", static (_, u) => u.Reads),
        ("io_read_bytes", static (_, u) => u.BytesRead),
        ("fd_used", static (_, u) => u.Files),
        ("proc_used", static (_, u) => u.Threads),
        ("gc_num", static (_, u) => u.GarbageCollections),
        ("gc_bytes_reclaimed", static (_, u) => u.BytesReclaimed),
        ("context_switches", static (_, u) => u.ContextSwitches),
        ("cpu_user_time", static (_, u) => u.UserMs),
        ("cpu_sys_time", static (_, u) => u.SystemMs),
    ];

    private static readonly Dictionary<string, int> Numbers =
        All.Select(static (one, at) => (one.Name, at)).ToDictionary(static one => one.Name, static one => one.at);

    public static int Count => All.Length;

    /// <summary>The number of the figure of that name.</summary>
    public static int NumberOf(string name) => Numbers[name];

    /// <summary>All of them at a moment.</summary>
    public static long[] Take(BrokerOverview overview, NodeUse use) =>
        [.. All.Select(one => one.Of(overview, use))];
}
