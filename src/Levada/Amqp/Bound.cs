using Levada.Auth;
using Levada.Catalog;

namespace Levada.Amqp;

/// <summary>
/// How many something may have, and which setting says so: its own, else the configuration's for all.
/// </summary>
/// <param name="Max">0 allows none if it is its own.</param>
/// <param name="IsLimited">False: as many as there are.</param>
/// <param name="Setting">For texts.</param>
internal readonly record struct Bound(int Max, bool IsLimited, string Setting)
{
    public bool IsReached(int used) => IsLimited && used >= Max;

    public static Bound ConnectionsOf(User? user, BrokerOptions options) =>
        Of(
            user?.MaxConnections, "max-connections of the user", options.ConnectionMaxPerUser,
            "connection_max_per_user");

    public static Bound ChannelsOf(User? user, BrokerOptions options) =>
        Of(user?.MaxChannels, "max-channels of the user", options.ChannelMaxPerUser, "channel_max_per_user");

    public static Bound ConnectionsOf(VHost? vhost, BrokerOptions options) => Of(
        vhost?.Limits.MaxConnections, "max-connections of the vhost", options.ConnectionMaxPerVHost,
        "connection_max_per_vhost");

    public static Bound QueuesOf(VHostLimits limits, int configured) =>
        Of(limits.MaxQueues, "max-queues of the vhost", configured, "queue_max_per_vhost");

    public static Bound Configured(int max, string key) => Of(null, "", max, key);

    private static Bound Of(int? own, string ownSetting, int configured, string key) => own is { } max
        ? new Bound(max, true, ownSetting)
        : new Bound(configured, configured > 0, key);
}
