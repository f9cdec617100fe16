using System.Text.Json;
using Levada.Amqp;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>Consumers in lists.</summary>
internal static class ConsumerList
{
    private static readonly Dictionary<string, Func<ConsumerFigures, ListValue>> Fields = new()
    {
        ["consumer_tag"] = static c => c.Tag,
        ["queue.name"] = static c => c.Queue,
        ["queue.vhost"] = static c => c.Connection.VHost?.Name,
        ["ack_required"] = static c => !c.NoAck,
        ["exclusive"] = static c => c.Exclusive,
        ["prefetch_count"] = static c => c.Prefetch,
        ["priority"] = static c => c.Priority,
        ["channel_details.name"] = static c => NameOfChannel(c),
        ["channel_details.number"] = static c => c.Channel,
        ["channel_details.connection_name"] = static c => c.Connection.Name,
        ["channel_details.user"] = static c => c.Connection.UserName,
        ["channel_details.user_provided_name"] = static c => c.Connection.ClientName,
        ["channel_details.peer_host"] = static c => EndPointText.HostOf(c.Connection.Peer),
        ["channel_details.peer_port"] = static c => EndPointText.PortOf(c.Connection.Peer),
    };

    public static ListKind<ConsumerFigures> Kind(string node) => new()
    {
        Name = static consumer => consumer.Tag,
        Write = (json, consumer) =>
        {
            JsonSerializer.Serialize(json, ReplyOf(consumer, node), ApiJson.Default.ConsumerReply);
            return true;
        },
        Fields = Fields,
        Order = static (a, b) => a.Connection.Id != b.Connection.Id
            ? a.Connection.Id.CompareTo(b.Connection.Id)
            : a.Channel.CompareTo(b.Channel),
    };

    private static string NameOfChannel(ConsumerFigures c) => $"{c.Connection.Name} ({c.Channel})";

    public static ConsumerReply ReplyOf(ConsumerFigures c, string node)
    {
        var peer = c.Connection.Peer;
        return ConsumerReply.Of(
            c.Snapshot(), c.Connection.VHost?.Name ?? "",
            new ConsumerChannel(
                NameOfChannel(c), c.Channel, c.Connection.Name, EndPointText.HostOf(peer), EndPointText.PortOf(peer),
                c.Connection.UserName ?? "", node, ChannelReply.NameOrNull(c.Connection.ClientName)));
    }
}
