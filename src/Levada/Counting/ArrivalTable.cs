using Levada.Accounting;
using Levada.Exchanges;

namespace Levada.Counting;

/// <summary>
/// Messages that came to one queue, by exchange, of channels that are closed. Guarded by its own lock, under which
/// nothing is taken.
/// </summary>
internal sealed class ArrivalTable
{
    private static readonly Func<Exchange, RouteCounts> Make = static _ => new RouteCounts();

    private readonly Lock _lock = new();
    private readonly PairTable<Exchange, RouteCounts> _exchanges = new(static exchange => exchange.IsDeleted);

    /// <summary>False if there is no room for one more exchange.</summary>
    public bool TryAdd(Exchange exchange, long messages, int max)
    {
        lock (_lock)
        {
            if (_exchanges.Find(exchange) is not { } counts
                && !_exchanges.TryAdd(exchange, Make, max, out counts))
            {
                return false;
            }
            counts.Messages += messages;
            return true;
        }
    }

    public long Of(Exchange exchange)
    {
        lock (_lock)
            return _exchanges.Find(exchange)?.Messages ?? 0;
    }

    public IReadOnlyList<(Exchange Exchange, long Messages)> ToList()
    {
        lock (_lock)
        {
            var all = new List<(Exchange, long)>(_exchanges.Count);
            foreach (var (exchange, counts) in _exchanges.All)
                all.Add((exchange, counts.Messages));
            return all;
        }
    }
}
