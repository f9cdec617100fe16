using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>GET /api/overview: the broker at a glance, under the keys that RabbitMQ and LavinMQ share.</summary>
internal sealed class OverviewEndpoint(Broker broker, IReadOnlyList<Listener> httpListeners)
{
    private static readonly ExchangeTypeReply[] ExchangeTypes =
    [
        new("direct", "routes by equal routing key", true),
        new("fanout", "routes to every binding", true),
        new("topic", "routes by words and wildcards", true),
        new("headers", "routes by message headers", true),
        new("x-consistent-hash", "routes to one binding by hash, weighted", true),
        new("x-modulus-hash", "routes to one binding by hash", true),
        new("x-recent-history", "routes to every binding, and to new ones what was last", true),
        new("x-random", "routes to any one binding", true),
        new("x-delayed-message", "holds messages back, then routes as another type", true),
        new("x-local-random", "routes to any one queue of this node", true),
    ];

    public Task GetAsync(HttpContext context) =>
        Reply.OkAsync(context, ToReply(broker.GetOverview()), ApiJson.Default.OverviewReply);

    private OverviewReply ToReply(BrokerOverview o) => new(
        "Levada", Broker.Version, broker.NodeName, broker.NodeName, (long)o.Uptime.TotalSeconds,
        ToReply(o.Messages),
        ToReply(o.Churn),
        new QueueTotals(o.MessagesReady + o.MessagesUnacked, o.MessagesReady, o.MessagesUnacked),
        new ObjectTotals(o.Connections, o.Channels, o.Exchanges, o.Queues, o.Consumers),
        [.. broker.Listeners.Concat(httpListeners).Select(ToReply)],
        ExchangeTypes);

    private static MessageStats ToReply(MessageTotals m)
    {
        var delivered = m.DeliveredManualAck + m.DeliveredAutoAck + m.GotManualAck + m.GotAutoAck;
        return new MessageStats(
            m.Published, m.Confirmed, m.Returned, m.DroppedUnroutable, m.DeliveredManualAck, m.DeliveredAutoAck,
            delivered, m.GotManualAck, m.GotAutoAck, m.GotEmpty, m.Redelivered, m.Acked, m.Rejected);
    }

    private static ChurnRates ToReply(ChurnTotals c) => new(
        c.ConnectionsOpened, new RateReply(Math.Round(c.Rates.ConnectionsOpened, 2)),
        c.ConnectionsClosed, new RateReply(Math.Round(c.Rates.ConnectionsClosed, 2)),
        c.ChannelsOpened, new RateReply(Math.Round(c.Rates.ChannelsOpened, 2)),
        c.ChannelsClosed, new RateReply(Math.Round(c.Rates.ChannelsClosed, 2)),
        c.QueuesDeclared, c.QueuesCreated, c.QueuesDeleted);

    private ListenerReply ToReply(Listener l) =>
        new(broker.NodeName, l.Protocol, l.Address?.ToString() ?? l.Path ?? "", l.Port);
}
