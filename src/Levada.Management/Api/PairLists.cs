using Levada.Amqp;
using Levada.Counting;
using Levada.Exchanges;
using Levada.Management.Lists;
using Levada.Queues;

namespace Levada.Management.Api;

/// <summary>
/// What is counted by two at once: channel and exchange, channel and queue, exchange and queue. Added up when somebody
/// asks for one channel, exchange or queue.
/// </summary>
internal sealed class PairLists(Broker broker)
{
    private static readonly RatesOf<ExchangePublishes, PublishSample> PublishRates = new(PublishSample.None);
    private static readonly RatesOf<QueueDeliveries, DeliverySample> DeliveryRates = new(DeliverySample.None);

    // By id: a sample keeps no deleted queue alive.
    private static readonly RatesOf<Exchange, Dictionary<QueueId, long>> OutgoingRates = new([]);
    private static readonly RatesOf<Queue, Dictionary<Exchange, long>> IncomingRates = new([]);

    /// <summary>What a channel published, by exchange, and what it was given, by queue.</summary>
    public static ChannelReply AddTo(ChannelReply reply, Connection connection, ushort number)
    {
        var publishes = new List<ChannelPublishes>();
        var deliveries = new List<ChannelDeliveries>();
        connection.VisitChannel(number, channel =>
        {
            foreach (var (exchange, counts) in channel.Publishes)
            {
                if (!exchange.IsDeleted)
                    publishes.Add(new ChannelPublishes(ExchangeName.Of(exchange), StatsOf(counts, channel)));
            }
            foreach (var (queue, counts) in channel.Deliveries)
                deliveries.Add(new ChannelDeliveries(NameOf(queue), StatsOf(counts, channel)));
        });
        return reply with
        {
            Publishes = [.. publishes.OrderBy(static one => one.Exchange.Name, StringComparer.Ordinal)],
            Deliveries = [.. deliveries.OrderBy(static one => one.Queue.Name, StringComparer.Ordinal)],
        };
    }

    /// <summary>Who publishes to an exchange, and the queues that it led to.</summary>
    public ExchangeReply AddTo(ExchangeReply reply, Exchange exchange)
    {
        var incoming = new List<ExchangeIncoming>();
        VisitChannels(exchange.VHost, channel =>
        {
            if (channel.PublishesTo(exchange) is { } counts)
                incoming.Add(new ExchangeIncoming(PlaceOf(channel), StatsOf(counts, channel)));
        });
        var routes = broker.Connections.CountRoutesFrom(exchange);
        var sample = routes.ToDictionary(static route => route.Key.Id, static route => route.Value);
        var (before, over) = OutgoingRates.Look(exchange, sample, StartedMs);
        return reply with
        {
            Incoming = incoming,
            Outgoing =
            [
                .. routes.OrderBy(static route => route.Key.Name, StringComparer.Ordinal).Select(route =>
                    new ExchangeOutgoing(
                        NameOf(route.Key), StatsOf(route.Value, before.GetValueOrDefault(route.Key.Id), over))),
            ],
        };
    }

    /// <summary>The exchanges that a queue's messages were published to, and who is given them.</summary>
    public QueueReply AddTo(QueueReply reply, Queue queue)
    {
        var deliveries = new List<QueueDelivered>();
        VisitChannels(queue.VHost, channel =>
        {
            if (channel.DeliveriesOf(queue) is { } counts)
                deliveries.Add(new QueueDelivered(PlaceOf(channel), StatsOf(counts, channel)));
        });
        var routes = broker.Connections.CountRoutesTo(queue);
        var (before, over) = IncomingRates.Look(queue, routes, StartedMs);
        return reply with
        {
            Deliveries = deliveries,
            Incoming =
            [
                .. routes.OrderBy(static route => route.Key.Name, StringComparer.Ordinal).Select(route =>
                    new QueueIncoming(
                        ExchangeName.Of(route.Key),
                        StatsOf(route.Value, before.GetValueOrDefault(route.Key), over))),
            ],
        };
    }

    private long StartedMs => Environment.TickCount64 - (long)broker.Uptime.TotalMilliseconds;

    private void VisitChannels(string vhost, Action<ChannelFigures> look)
    {
        foreach (var connection in broker.Connections.All)
        {
            if (connection.VHost?.Name == vhost)
                connection.VisitChannels(look);
        }
    }

    private static PublishStats StatsOf(ExchangePublishes counts, ChannelFigures channel)
    {
        var now = PublishSample.Of(counts);
        var (before, over) = PublishRates.Look(counts, now, Environment.TickCount64 - channel.OpenMs);
        return PublishStats.Of(now, Figures.Publishes.Rates(now, before, over));
    }

    private static DeliveryStats StatsOf(QueueDeliveries counts, ChannelFigures channel)
    {
        var now = DeliverySample.Of(counts);
        var (before, over) = DeliveryRates.Look(counts, now, Environment.TickCount64 - channel.OpenMs);
        return DeliveryStats.Of(now, Figures.Deliveries.Rates(now, before, over));
    }

    private static RouteStats StatsOf(long now, long before, TimeSpan over) =>
        new(now, RateReply.Of(now, before, over));

    private static ConsumerQueue NameOf(Queue queue) => new(queue.Name, queue.VHost);

    private ConsumerChannel PlaceOf(ChannelFigures channel) => new(
        channel.Name, channel.Number, channel.Connection.Name, EndPointText.HostOf(channel.Peer),
        EndPointText.PortOf(channel.Peer), channel.Connection.UserName ?? "", broker.NodeName,
        ChannelReply.NameOrNull(channel.Connection.ClientName));
}
