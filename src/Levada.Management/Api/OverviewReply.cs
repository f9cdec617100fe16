namespace Levada.Management.Api;

/// <summary>The body of GET /api/overview.</summary>
internal sealed record OverviewReply(
    string ProductName, string ProductVersion, string Node, string ClusterName, long Uptime,
    MessageStats MessageStats, ChurnRates ChurnRates, QueueTotals QueueTotals, ObjectTotals ObjectTotals,
    IReadOnlyList<ListenerReply> Listeners, IReadOnlyList<ExchangeTypeReply> ExchangeTypes);

/// <summary>Messages since the start.</summary>
internal sealed record MessageStats(
    long Publish, long Confirm, long ReturnUnroutable, long DropUnroutable, long Deliver, long DeliverNoAck,
    long DeliverGet, long Get, long GetNoAck, long GetEmpty, long Redeliver, long Ack, long Reject);

/// <summary>What came and went since the start.</summary>
internal sealed record ChurnRates(
    long ConnectionCreated, RateReply ConnectionCreatedDetails, long ConnectionClosed,
    RateReply ConnectionClosedDetails, long ChannelCreated, RateReply ChannelCreatedDetails, long ChannelClosed,
    RateReply ChannelClosedDetails, long QueueDeclared, long QueueCreated, long QueueDeleted);

/// <summary>Messages in all queues, now.</summary>
internal sealed record QueueTotals(long Messages, long MessagesReady, long MessagesUnacknowledged);

/// <summary>How many there are of each, now.</summary>
internal sealed record ObjectTotals(int Connections, int Channels, int Exchanges, int Queues, int Consumers);

/// <summary>An open port; for a Unix domain socket its path, and port 0.</summary>
internal sealed record ListenerReply(string Node, string Protocol, string IpAddress, int Port);

/// <summary>A type that exchange.declare takes.</summary>
internal sealed record ExchangeTypeReply(string Name, string Description, bool Enabled);
