using Levada.Protocol;

namespace Levada.Amqp;

// Limits: RabbitMQ's text where it has one, then the setting, its value and how many are in use.
public static partial class Errors
{
    /// <summary>530: the virtual host has as many connections as it may.</summary>
    internal static AmqpException VHostConnectionLimit(string vhost, string user, Bound bound, int used) => Refused(
        $"access to vhost '{vhost}' refused for user '{user}': connection limit ({bound.Max}) is reached"
        + Describe(bound, used));

    /// <summary>530: the user has as many connections as it may.</summary>
    internal static AmqpException UserConnectionLimit(string user, Bound bound, int used) => Refused(
        $"connection refused for user '{user}': user connection limit ({bound.Max}) is reached"
        + Describe(bound, used));

    /// <summary>530: the node has as many connections as it may.</summary>
    internal static AmqpException NodeConnectionLimit(Bound bound, int used) => Refused(
        $"connection refused: node connection limit ({bound.Max}) is reached" + Describe(bound, used));

    /// <summary>530: the client's address has as many connections as it may.</summary>
    internal static AmqpException AddressConnectionLimit(string address, Bound bound, int used) => Refused(
        $"connection refused: limit of connections from {address} ({bound.Max}) is reached" + Describe(bound, used));

    /// <summary>530: too many new connections in too short a time.</summary>
    internal static AmqpException ConnectionRate(string whose, int rate, string key, int retryMs) => Refused(
        $"connection refused: limit of new connections a second {whose} ({rate}) is reached ({key}); "
        + $"try again in {retryMs} ms, or keep connections open");

    /// <summary>A channel that was of no use for so long is likely forgotten.</summary>
    internal const int IdleMinutes = 10;

    /// <summary>530: the connection has as many channels as was agreed on.</summary>
    /// <param name="used">Open channels.</param>
    /// <param name="idle">Those of no use for <see cref="IdleMinutes"/>.</param>
    /// <param name="negotiated">channel_max of the connection.</param>
    /// <param name="ofBroker">channel_max of the broker; 0 is no limit.</param>
    internal static AmqpException ChannelLimit(int used, int idle, ushort negotiated, ushort ofBroker)
    {
        var whose = negotiated == ofBroker ? "channel_max"
            : $"the client asked for it; channel_max of the broker is {ofBroker}";
        var leak = idle * 2 > used ? $"; {idle} of {used} idle for over {IdleMinutes} min: likely a leak" : "";
        return Refused(
            $"number of channels opened ({used}) has reached the negotiated channel_max ({negotiated}) ({whose}{leak})",
            MethodId.ChannelOpen);
    }

    /// <summary>530: the node has as many channels as it may.</summary>
    internal static AmqpException NodeChannelLimit(string node, Bound bound, int used) => Refused(
        $"number of channels opened on node '{node}' has reached the maximum allowed limit of {bound.Max}"
        + Describe(bound, used),
        MethodId.ChannelOpen);

    /// <summary>530: the user has as many channels as it may.</summary>
    internal static AmqpException UserChannelLimit(string user, Bound bound, int used) => Refused(
        $"number of channels opened for user '{user}' has reached the maximum allowed user limit of {bound.Max}"
        + Describe(bound, used),
        MethodId.ChannelOpen);

    /// <summary>530: the virtual host has as many channels as it may.</summary>
    internal static AmqpException VHostChannelLimit(string vhost, Bound bound, int used) => Refused(
        $"number of channels opened in vhost '{vhost}' has reached the maximum allowed limit of {bound.Max}"
        + Describe(bound, used),
        MethodId.ChannelOpen);

    private static string Describe(Bound bound, int used) => $" ({bound.Setting}: {used} of {bound.Max} in use)";

    private static AmqpException Refused(string text, uint methodId = MethodId.ConnectionOpen) =>
        new(ReplyCode.NotAllowed, text, ErrorScope.Connection, methodId);
}
