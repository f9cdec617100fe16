using System.Text.Json;
using Levada.Amqp;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>Connections in lists.</summary>
internal static class ConnectionList
{
    private static readonly Dictionary<string, Func<ConnectionFigures, ListValue>> Fields =
        new Dictionary<string, Func<ConnectionFigures, ListValue>>
        {
            ["name"] = static c => c.Connection.Name,
            ["user_provided_name"] = static c => NullIfEmpty(c.Connection.ClientName),
            ["vhost"] = static c => c.Connection.VHost?.Name,
            ["user"] = static c => c.Connection.UserName,
            ["user_who_performed_action"] = static c => c.Connection.UserName,
            ["state"] = static c => c.State,
            ["channels"] = static c => c.Channels,
            ["channel_max"] = static c => c.Connection.ChannelMax,
            ["frame_max"] = static c => c.Connection.FrameMax,
            ["timeout"] = static c => c.Connection.Heartbeat,
            ["connected_at"] = static c => c.Connection.ConnectedAt.ToUnixTimeMilliseconds(),
            ["ssl"] = static c => c.Connection.IsTls,
            ["peer_host"] = static c => EndPointText.HostOf(c.Peer),
            ["peer_port"] = static c => EndPointText.PortOf(c.Peer),
            ["client_properties.product"] = static c => Property(c, "product"),
            ["client_properties.version"] = static c => Property(c, "version"),
            ["client_properties.platform"] = static c => Property(c, "platform"),
            ["send_pend"] = static c => c.SendPending,
            ["last_received_ms_ago"] = static c => c.LastReceivedMs,
            ["channels_opened"] = static c => c.Connection.ChannelsOpened,
            ["consumer_count"] = static c => c.Consumers,
            ["messages_unacknowledged"] = static c => c.Unacknowledged,
            ["messages_unconfirmed"] = static c => c.Unconfirmed,
            ["memory"] = static c => c.Memory,
        }.WithStats(static c => c.Counters, static c => c.Rates, static c => c.Held);

    public static ListKind<ConnectionFigures> Kind(string node) => new()
    {
        // By what the client calls it as well.
        Name = static c => c.Connection.ClientName.Length == 0
            ? c.Connection.Name
            : $"{c.Connection.Name}\n{c.Connection.ClientName}",
        Write = (json, c) =>
        {
            JsonSerializer.Serialize(
                json, ConnectionReply.Of(c.Connection.TakeSnapshot(), node), ApiJson.Default.ConnectionReply);
            return true;
        },
        Fields = Fields,
        Order = static (a, b) => a.Connection.Id.CompareTo(b.Connection.Id),
        Definition = ["name", "vhost", "user", "node"],
    };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static ListValue Property(ConnectionFigures c, string name) =>
        c.Connection.ClientProperties.TryGet(name, out var value) && value.TryGetString(out var text) ? text : default;
}
