using Levada.Counting;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>Messages by exchange and queue: those of open channels, and what closed ones have left.</summary>
public sealed partial class OpenConnections
{
    /// <summary>
    /// How many of the messages published to an exchange went to each queue, by whatever way. Takes the turn of each
    /// connection.
    /// </summary>
    public Dictionary<Queue, long> CountRoutesFrom(Exchange exchange)
    {
        var sums = new Dictionary<Queue, long>();
        VisitRoutes(exchange.VHost, (route, messages) =>
        {
            if (route.Exchange == exchange)
                sums[route.Queue] = sums.GetValueOrDefault(route.Queue) + messages;
        });
        foreach (var queue in _broker.Catalog.FindVHost(exchange.VHost)?.Queues() ?? [])
        {
            if (queue.ArrivedOrNone?.Of(exchange) is > 0 and var messages)
                sums[queue] = sums.GetValueOrDefault(queue) + messages;
        }
        return sums;
    }

    /// <summary>
    /// How many messages that came to a queue were published to each exchange. Takes the turn of each connection.
    /// </summary>
    public Dictionary<Exchange, long> CountRoutesTo(Queue queue)
    {
        var sums = new Dictionary<Exchange, long>();
        VisitRoutes(queue.VHost, (route, messages) =>
        {
            if (route.Queue == queue)
                sums[route.Exchange] = sums.GetValueOrDefault(route.Exchange) + messages;
        });
        foreach (var (exchange, messages) in queue.ArrivedOrNone?.ToList() ?? [])
        {
            if (!exchange.IsDeleted)
                sums[exchange] = sums.GetValueOrDefault(exchange) + messages;
        }
        return sums;
    }

    private void VisitRoutes(string vhost, Action<Route, long> look)
    {
        foreach (var connection in All)
        {
            if (connection.VHost?.Name != vhost)
                continue;
            connection.VisitChannels(channel =>
            {
                foreach (var (route, counts) in channel.Routes)
                {
                    if (route.IsShown)
                        look(route, counts.Messages);
                }
            });
        }
    }
}
