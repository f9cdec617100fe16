using Levada.Exchanges;

namespace Levada.Amqp;

/// <summary>
/// What was published to exchanges, with what channels have counted and not yet told them: good for one look.
/// </summary>
public sealed class ExchangeCounts
{
    private readonly Dictionary<Exchange, (long In, long Out)> _untold = [];

    internal ExchangeCounts()
    {
    }

    /// <summary>Messages published to it, and the queues that they went to, one for each.</summary>
    public (long In, long Out) Of(Exchange exchange)
    {
        var (told, untold) = (exchange.Published, _untold.GetValueOrDefault(exchange));
        return (told.In + untold.In, told.Out + untold.Out);
    }

    internal void Add(Exchange exchange, long published, long queues)
    {
        var (sumIn, sumOut) = _untold.GetValueOrDefault(exchange);
        _untold[exchange] = (sumIn + published, sumOut + queues);
    }
}
