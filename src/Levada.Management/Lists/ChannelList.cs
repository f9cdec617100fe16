using System.Text.Json;
using Levada.Amqp;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>Channels in lists.</summary>
internal static class ChannelList
{
    private static readonly Dictionary<string, Func<ChannelFigures, ListValue>> Fields =
        new Dictionary<string, Func<ChannelFigures, ListValue>>
        {
            ["name"] = static c => c.Name,
            ["number"] = static c => c.Number,
            ["user_provided_name"] = static c => c.Connection.ClientName is { Length: > 0 } name ? name : null,
            ["vhost"] = static c => c.Connection.VHost?.Name,
            ["user"] = static c => c.Connection.UserName,
            ["user_who_performed_action"] = static c => c.Connection.UserName,
            ["state"] = static c => c.State,
            ["consumer_count"] = static c => c.Consumers,
            ["prefetch_count"] = static c => c.Prefetch,
            ["global_prefetch_count"] = static c => c.GlobalPrefetch,
            ["confirm"] = static c => c.IsConfirming,
            ["transactional"] = static c => c.IsTransactional,
            ["messages_unacknowledged"] = static c => c.Unacknowledged,
            ["messages_unconfirmed"] = static c => c.Unconfirmed,
            ["messages_uncommitted"] = static c => c.Uncommitted,
            ["acks_uncommitted"] = static c => c.AcksUncommitted,
            ["open_ms"] = static c => c.OpenMs,
            ["idle_ms"] = static c => c.IdleMs,
            ["memory"] = static c => c.Memory,
            ["connection_details.name"] = static c => c.Connection.Name,
            ["connection_details.peer_host"] = static c => EndPointText.HostOf(c.Peer),
            ["connection_details.peer_port"] = static c => EndPointText.PortOf(c.Peer),
        }.WithStats(static c => c.Counters, static c => c.Rates, static c => c.Held);

    public static ListKind<ChannelFigures> Kind(string node) => new()
    {
        Name = static channel => channel.Name,
        Write = (json, channel) =>
        {
            if (channel.Connection.TakeChannelSnapshot(channel.Number) is not { } now)
                return false;
            JsonSerializer.Serialize(
                json, ChannelReply.Of(now, node, withConsumers: false), ApiJson.Default.ChannelReply);
            return true;
        },
        Fields = Fields,
        Order = static (a, b) => a.Connection.Id != b.Connection.Id
            ? a.Connection.Id.CompareTo(b.Connection.Id)
            : a.Number.CompareTo(b.Number),
        Definition = ["name", "number", "vhost", "user", "node", "connection_details"],
    };
}
