namespace Levada.Management.Api;

/// <summary>The body of GET /api/overview.</summary>
internal sealed record OverviewReply(
    string ManagementVersion, string RatesMode, SampleRetentionPolicies SampleRetentionPolicies,
    IReadOnlyList<ExchangeTypeReply> ExchangeTypes, string ProductVersion, string ProductName, string RabbitmqVersion,
    string ClusterName, string ErlangVersion, string ErlangFullVersion, string ReleaseSeriesSupportStatus,
    bool DisableStats, bool EnableQueueTotals, OverviewStats MessageStats, ChurnRates ChurnRates,
    QueueTotals QueueTotals, ObjectTotals ObjectTotals, int StatisticsDbEventQueue, string Node, long Uptime,
    IReadOnlyList<ListenerReply> Listeners, IReadOnlyList<ContextReply> Contexts);

/// <summary>How many seconds back there are samples.</summary>
internal sealed record SampleRetentionPolicies(
    IReadOnlyList<int> Global, IReadOnlyList<int> Basic, IReadOnlyList<int> Detailed);

/// <summary>Messages since the start, of the node; data_in and data_out are ours.</summary>
internal sealed record OverviewStats(
    long Publish, RateReply PublishDetails, long Confirm, RateReply ConfirmDetails, long ReturnUnroutable,
    RateReply ReturnUnroutableDetails, long DropUnroutable, RateReply DropUnroutableDetails, long Deliver,
    RateReply DeliverDetails, long DeliverNoAck, RateReply DeliverNoAckDetails, long DeliverGet,
    RateReply DeliverGetDetails, long Get, RateReply GetDetails, long GetNoAck, RateReply GetNoAckDetails,
    long GetEmpty, RateReply GetEmptyDetails, long Redeliver, RateReply RedeliverDetails, long Ack,
    RateReply AckDetails, long Reject, RateReply RejectDetails, long DiskReads, RateReply DiskReadsDetails,
    long DiskWrites, RateReply DiskWritesDetails, long RecvOct, RateReply RecvOctDetails, long SendOct,
    RateReply SendOctDetails);

/// <summary>What came and went since the start.</summary>
internal sealed record ChurnRates(
    long ConnectionCreated, RateReply ConnectionCreatedDetails, long ConnectionClosed,
    RateReply ConnectionClosedDetails, long ChannelCreated, RateReply ChannelCreatedDetails, long ChannelClosed,
    RateReply ChannelClosedDetails, long QueueDeclared, RateReply QueueDeclaredDetails, long QueueCreated,
    RateReply QueueCreatedDetails, long QueueDeleted, RateReply QueueDeletedDetails);

/// <summary>Messages in all queues, now.</summary>
internal sealed record QueueTotals(
    long Messages, RateReply MessagesDetails, long MessagesReady, RateReply MessagesReadyDetails,
    long MessagesUnacknowledged, RateReply MessagesUnacknowledgedDetails);

/// <summary>How many there are of each, now.</summary>
internal sealed record ObjectTotals(int Connections, int Channels, int Exchanges, int Queues, int Consumers);

/// <summary>An open port; for a Unix domain socket its path, and port 0.</summary>
internal sealed record ListenerReply(
    string Node, string Protocol, string IpAddress, int Port, IReadOnlyDictionary<string, int> SocketOpts);

/// <summary>A type that exchange.declare takes.</summary>
internal sealed record ExchangeTypeReply(string Name, string Description, bool Enabled);

/// <summary>Where HTTP is answered.</summary>
internal sealed record ContextReply(string Node, string Description, string Path, string Ip, string Port);
