using Microsoft.Extensions.Logging;

namespace Levada.Amqp;

/// <summary>The limits of the broker: what each has refused, and the warnings that one is near. Any thread.</summary>
public sealed partial class Limits
{
    private readonly ILogger _logger;

    internal Limits(ILogger logger) => _logger = logger;

    public Limit Connections { get; } = new("connection_max");

    public Limit ConnectionsPerVHost { get; } = new("connection_max_per_vhost");

    public Limit ConnectionsPerUser { get; } = new("connection_max_per_user");

    public Limit ConnectionsPerAddress { get; } = new("connection_max_per_address");

    public Limit RatePerUser { get; } = new("connection_rate_per_user");

    public Limit RatePerAddress { get; } = new("connection_rate_per_address");

    public Limit Channels { get; } = new("channel_max");

    public Limit ChannelsPerVHost { get; } = new("channel_max_per_vhost");

    public Limit ChannelsPerUser { get; } = new("channel_max_per_user");

    public Limit ChannelsPerNode { get; } = new("channel_max_per_node");

    public Limit Consumers { get; } = new("consumer_max_per_channel");

    public Limit Queues { get; } = new("queue_max_per_vhost");

    public Limit MessageSize { get; } = new("max_message_size");

    public Limit FrameSize { get; } = new("frame_max");

    public Limit HandshakeTime { get; } = new("handshake_timeout");

    /// <summary>Clients that were silent, or did not read, for too long.</summary>
    public Limit Heartbeats { get; } = new("heartbeat");

    /// <summary>Consumers cancelled, or their channels closed, for a delivery left unsettled.</summary>
    public Limit ConsumerTime { get; } = new("consumer_timeout");

    /// <summary>Traces that were not started, as all there may be record.</summary>
    public Limit Traces { get; } = new("trace_max");

    /// <summary>Entries of traces that made room for newer ones.</summary>
    public Limit TraceBytes { get; } = new("trace_bytes");

    /// <summary>Traces that stopped by themselves.</summary>
    public Limit TraceTime { get; } = new("trace_time");

    /// <summary>Traces that were stopped and are forgotten.</summary>
    public Limit TraceKeep { get; } = new("trace_keep");

    /// <summary>Streams over HTTP that were refused.</summary>
    public Limit HttpStreams { get; } = new("http_streams_max");

    public IReadOnlyList<Limit> All =>
    [
        Connections, ConnectionsPerVHost, ConnectionsPerUser, ConnectionsPerAddress, RatePerUser, RatePerAddress,
        Channels, ChannelsPerVHost, ChannelsPerUser, ChannelsPerNode, Consumers, Queues, MessageSize, FrameSize,
        HandshakeTime, Heartbeats, ConsumerTime, Traces, TraceBytes, TraceTime, TraceKeep,
        HttpStreams,
    ];

    /// <summary>Warns once that a limit is near, and tells when it is not any more.</summary>
    internal void Tell(bool isNear, string who, string what, long used, long max, string setting)
    {
        if (isNear)
            LogNear(who, used, max, what, setting);
        else
            LogClear(who, used, max, what, setting);
    }

    /// <summary>A message larger than any before: a first one near the limit is warned of.</summary>
    internal void LargestMessage(Connection connection, long size, long max)
    {
        var isNews = Limit.IsNear(size, max) && !Limit.IsNear(MessageSize.Peak, max);
        MessageSize.Rise(size);
        if (isNews)
            LogLargeMessage(connection, size, max);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "limit near: {Who} has {Used} of {Max} {What} in use ({Setting})")]
    private partial void LogNear(string who, long used, long max, string what, string setting);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "limit no longer near: {Who} has {Used} of {Max} {What} in use ({Setting})")]
    private partial void LogClear(string who, long used, long max, string what, string setting);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "limit near: connection {Connection} published {Size} of {Max} octets in one message "
        + "(max_message_size); this is logged once")]
    private partial void LogLargeMessage(Connection connection, long size, long max);
}
