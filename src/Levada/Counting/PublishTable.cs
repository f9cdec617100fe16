using Levada.Accounting;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Counting;

/// <summary>
/// What one channel has published, by exchange, and where from there it went. Made with the channel's first publish,
/// gone with the channel. Owner: the turn of its connection.
/// </summary>
internal sealed class PublishTable(BrokerOptions options)
{
    private static readonly Func<Exchange, ExchangePublishes> MakePublishes = static _ => new ExchangePublishes();
    private static readonly Func<Route, RouteCounts> MakeRoute = static _ => new RouteCounts();

    private readonly PairTable<Exchange, ExchangePublishes> _exchanges = new(static exchange => exchange.IsDeleted);
    private readonly PairTable<Route, RouteCounts> _routes = new(static route => route.IsGone);
    private long _uncountedByRoute;

    /// <summary>Those of exchanges for which there was no room, together.</summary>
    public ExchangePublishes Rest { get; } = new();

    public ReadOnlySpan<(Exchange Key, ExchangePublishes Counts)> Exchanges => _exchanges.All;

    public ReadOnlySpan<(Route Key, RouteCounts Counts)> Routes => _routes.All;

    /// <summary>Messages that were counted without their exchange, or without the queues that they went to.</summary>
    public Uncounted Uncounted => new(ByExchange: Rest.Published, ByQueue: 0, ByRoute: _uncountedByRoute);

    /// <summary>What grows with the number of exchanges and queues.</summary>
    public long HeldBytes => _exchanges.HeldBytes + (_exchanges.Count * ObjectSize.Of<ExchangePublishes>())
        + _routes.HeldBytes + (_routes.Count * ObjectSize.Of<RouteCounts>());

    public ExchangePublishes? Find(Exchange exchange) => _exchanges.Find(exchange);

    /// <summary>Where publishes to it are counted.</summary>
    public ExchangePublishes Of(Exchange exchange) =>
        _exchanges.Find(exchange)
            ?? (_exchanges.TryAdd(exchange, MakePublishes, options.CountedPairsMax, out var made) ? made : Rest);

    /// <summary>So many messages went from an exchange to these queues, each to all of them.</summary>
    public void Add(Exchange exchange, ExchangePublishes publishes, ReadOnlySpan<Queue> queues, long messages)
    {
        publishes.Published += messages;
        if (ReferenceEquals(publishes, Rest))
            exchange.CountPublished(messages, messages * queues.Length);
        else
            publishes.QueuesReached += messages * queues.Length;
        foreach (var queue in queues)
        {
            var route = new Route(exchange, queue);
            if (_routes.Find(route) is { } counts
                || _routes.TryAdd(route, MakeRoute, options.CountedPairsMax, out counts))
            {
                counts.Messages += messages;
            }
            else
            {
                _uncountedByRoute += messages;
            }
        }
    }

    /// <summary>Tells the exchanges and queues, which outlive the channel, and forgets it.</summary>
    /// <returns>What was not counted.</returns>
    public Uncounted Tell()
    {
        foreach (var (exchange, publishes) in Exchanges)
            exchange.CountPublished(publishes.Published, publishes.QueuesReached);
        foreach (var (route, counts) in Routes)
        {
            if (!route.IsGone && !route.Queue.Arrived.TryAdd(route.Exchange, counts.Messages, options.CountedPairsMax))
                _uncountedByRoute += counts.Messages;
        }
        var uncounted = Uncounted;
        _exchanges.Clear();
        _routes.Clear();
        _uncountedByRoute = Rest.Published = 0;
        return uncounted;
    }
}
