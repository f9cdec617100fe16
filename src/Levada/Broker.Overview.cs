using Levada.Amqp;
using Levada.Metrics;
using Levada.Queues;
using Levada.Telemetry;

namespace Levada;

/// <summary>The broker's figures for the HTTP API and the metrics.</summary>
public sealed partial class Broker
{
    /// <summary>
    /// What the connections are at and hold. Each is looked at in a turn of its own: it costs more than the overview.
    /// </summary>
    public NodeSnapshot TakeSnapshot()
    {
        var node = new NodeSnapshot();
        foreach (var connection in Connections.All)
            connection.AddTo(node);
        return node;
    }

    /// <summary>How long messages, confirms and syncs take.</summary>
    public PathTimings Timings { get; } = new();

    /// <summary>Null unless spans of messages are wanted.</summary>
    internal MessageSpans? Spans { get; private set; }

    /// <summary>Since it has been ready; zero before.</summary>
    public TimeSpan Uptime => _startedTimestamp == 0 ? TimeSpan.Zero : Time.GetElapsedTime(_startedTimestamp);

    /// <summary>What the broker itself published and dropped since the start, and bytes of it under way.</summary>
    public (long Published, long Dropped, long Bytes) InternalMessages => Publisher.Use;

    /// <summary>Whether a user may see what is another's: RabbitMQ's tags for it.</summary>
    public bool MayMonitor(string user) =>
        Catalog.Accounts.FindActing(user) is { } known && (known.HasTag("administrator") || known.HasTag("monitoring"));

    /// <summary>Whether a user may do anything: give themselves any right, so see any message.</summary>
    public bool MayAdminister(string user) => Catalog.Accounts.FindActing(user)?.HasTag("administrator") == true;

    /// <summary>The deliveries of a queue that clients hold unacknowledged for longest, the oldest first.</summary>
    /// <param name="queue">Whose.</param>
    /// <param name="max">At most so many.</param>
    public IReadOnlyList<UnacknowledgedDelivery> ListUnacknowledged(Queue queue, int max)
    {
        var found = new List<UnacknowledgedDelivery>();
        foreach (var connection in Connections.All)
        {
            connection.AddUnacknowledged(queue, max, found);
            if (found.Count > max * 2)
                KeepOldest();
        }
        KeepOldest();
        return found;

        void KeepOldest()
        {
            found.Sort(static (a, b) => b.Age.CompareTo(a.Age));
            if (found.Count > max)
                found.RemoveRange(max, found.Count - max);
        }
    }

    /// <summary>Whether a user may set policies and parameters, of a virtual host or, without one, of all.</summary>
    public bool MaySetPolicies(string user, string? vhost = null) =>
        Catalog.Accounts.FindActing(user) is { } known && (known.HasTag("administrator")
            || (known.HasTag("policymaker") && (vhost is null || known.Permissions.ContainsKey(vhost))));

    /// <summary>The figures at this moment, counted live.</summary>
    public BrokerOverview GetOverview()
    {
        var queues = Catalog.VHosts.SelectMany(static v => v.Queues()).ToList();
        var done = Connections.Total();
        var churn = Connections.Churn;
        var byType = ServedByType(queues);
        var served = new DeliveryCounters();
        foreach (var (_, some) in byType)
            served.Add(some);
        return new BrokerOverview
        {
            Uptime = Uptime,
            Connections = (int)churn.Connections,
            Channels = (int)churn.Channels,
            Exchanges = Catalog.VHosts.Sum(static v => v.ExchangeCount),
            MessagesDelayed = Catalog.VHosts.Sum(static v => v.MessagesDelayed),
            RecentHistoryBytes = Catalog.VHosts.Sum(static v => v.RecentHistoryBytes),
            Queues = queues.Count,
            Consumers = queues.Sum(static q => q.ConsumerCount),
            MessagesReady = queues.Sum(static q => q.Ready),
            MessagesUnacked = queues.Sum(static q => q.Unacked),
            MessageBytesReady = queues.Sum(static q => q.ReadyBytes),
            MessageBytesUnacked = queues.Sum(static q => q.UnackedBytes),
            DiskFree = _resources.DiskFree,
            DiskFreeLimit = _resources.DiskLimit,
            MemoryUsed = _resources.MemoryUsed,
            MemoryLimit = _resources.MemoryLimit,
            Messages = MessagesOf(done, served),
            Served = byType,
            Churn = new ChurnTotals
            {
                ConnectionsOpened = churn.ConnectionsOpened,
                ConnectionsClosed = churn.ConnectionsClosed,
                Rates = Connections.NodeRates(),
                HandshakesFailed = Connections.HandshakesFailed,
                ChannelsOpened = churn.ChannelsOpened,
                ChannelsClosed = churn.ChannelsClosed,
                QueuesDeclared = Catalog.QueuesDeclared,
                QueuesCreated = churn.QueuesCreated,
                QueuesDeleted = churn.QueuesDeleted,
            },
            Path = PathOf(done),
            Alarms = Alarms.Current,
        };
    }

    private List<(QueueType Type, DeliveryCounters Served)> ServedByType(List<Queue> queues)
    {
        var all = Enum.GetValues<QueueType>().Select(static type => (Type: type, Served: new DeliveryCounters()))
            .ToList();
        foreach (var (type, served) in all)
        {
            foreach (var shard in _shards)
                served.Add(shard.Dropped(type));
        }
        foreach (var queue in queues)
            all[(int)queue.Type].Served.Add(queue.Counters);
        return all;
    }

    private static MessageTotals MessagesOf(MessageCounters done, Queues.DeliveryCounters served) => new()
    {
        Published = done.Published,
        Routed = served.Published,
        Confirmed = done.Confirmed,
        Nacked = done.Nacked,
        Returned = done.Returned,
        DroppedUnroutable = done.DroppedUnroutable,
        Deduplicated = done.Deduplicated + served.Deduplicated,
        DeliveredManualAck = served.Delivered,
        DeliveredAutoAck = served.DeliveredNoAck,
        GotManualAck = served.Got,
        GotAutoAck = served.GotNoAck,
        GotEmpty = served.GotEmpty,
        Redelivered = served.Redelivered,
        Expired = served.Expired,
        DroppedByLength = served.DroppedByLength,
        RefusedByLength = served.RefusedByLength,
        DroppedByDeliveries = served.DroppedByDeliveries,
        DeadLettered = served.DeadLettered,
        Acked = done.Acknowledged,
        Rejected = done.Rejected,
    };

    private PathTotals PathOf(MessageCounters done) => new()
    {
        BytesReceived = done.BytesReceived,
        BytesSent = done.BytesSent,
        SocketReceives = done.Reads,
        SocketSends = done.Sends,
        Turns = _shards.Sum(static s => s.Turns),
        JournalSyncs = _shards.Sum(static s => s.Store.Counters.Syncs),
        JournalBytesWritten = _shards.Sum(static s => s.Store.Counters.JournalBytes),
        BlocksRead = _shards.Sum(static s => s.Store.Counters.BlocksRead),
        BodyFiles = Bodies.Count,
        BodyFileBytes = Bodies.Bytes,
    };
}
