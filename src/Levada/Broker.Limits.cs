using Levada.Amqp;
using Levada.Policies;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>How near the broker is to its limits.</summary>
public sealed partial class Broker
{
    // On the ticker, as the figures are: a warning may come a quarter of a second late.
    private void WatchLimits(long nowMs)
    {
        Connections.Watch(nowMs);
        foreach (var vhost in Catalog.VHosts)
        {
            var bound = Bound.QueuesOf(vhost.Limits, Options.QueueMaxPerVHost);
            var used = vhost.QueueCount;
            if (Limit.Changes(used, bound.Max, bound.IsLimited, ref vhost.NearQueues))
                Limits.Tell(vhost.NearQueues, $"{vhost}", "queues", used, bound.Max, bound.Setting);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "{Policy} is given up: its pattern '{Pattern}' takes too long; it matches nothing until it is set "
        + "again")]
    private partial void LogPolicyGivenUp(Policy policy, string pattern);

    /// <summary>
    /// Each limit of the configuration with what is in use; where several have it, what the one with the most has.
    /// </summary>
    public IReadOnlyList<LimitUse> GetLimits(NodeSnapshot node)
    {
        var (o, churn) = (Options, Connections.Churn);
        var (vhosts, users, addresses) =
            (Connections.Most(UsageKind.VHost), Connections.Most(UsageKind.User), Connections.Most(UsageKind.Address));
        var traces = Traces.Use();
        return
        [
            new(Limits.Connections, o.ConnectionMax, churn.Connections),
            new(Limits.ConnectionsPerVHost, o.ConnectionMaxPerVHost, vhosts.Connections),
            new(Limits.ConnectionsPerUser, o.ConnectionMaxPerUser, users.Connections),
            new(Limits.ConnectionsPerAddress, o.ConnectionMaxPerAddress, addresses.Connections),
            new(Limits.RatePerUser, o.ConnectionRatePerUser, users.Rate),
            new(Limits.RatePerAddress, o.ConnectionRatePerAddress, addresses.Rate),
            new(Limits.Channels, o.ChannelMax, node.MostChannels),
            new(Limits.ChannelsPerVHost, o.ChannelMaxPerVHost, vhosts.Channels),
            new(Limits.ChannelsPerUser, o.ChannelMaxPerUser, users.Channels),
            new(Limits.ChannelsPerNode, o.ChannelMaxPerNode, churn.Channels),
            new(Limits.Consumers, o.ConsumerMaxPerChannel, node.MostConsumers),
            new(Limits.Queues, o.QueueMaxPerVHost, Catalog.VHosts.Max(static v => (int?)v.QueueCount) ?? 0),
            new(Limits.MessageSize, o.MaxMessageSize, Limits.MessageSize.Peak),
            new(Limits.FrameSize, o.FrameMax, null),
            new(Limits.HandshakeTime, o.HandshakeTimeout.TotalMilliseconds, null),
            new(Limits.Heartbeats, o.Heartbeat, null),
            new(Limits.ConsumerTime, o.ConsumerTimeout.TotalMilliseconds, null),
            new(Limits.Traces, o.TraceMax, traces.Count),
            new(Limits.TraceBytes, o.TraceBytes, traces.Fullest),
            new(Limits.TraceTime, o.TraceTime.TotalMilliseconds, null),
            new(Limits.TraceKeep, o.TraceKeep.TotalMilliseconds, null),
            new(Limits.HttpStreams, o.HttpStreamsMax, HttpStreams.Count),
        ];
    }
}
