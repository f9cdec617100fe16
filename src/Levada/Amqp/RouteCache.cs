using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// Where a channel's last message went: publishers mostly repeat themselves. Good while the exchange's version stands
/// and no queue in it is deleted.
/// </summary>
internal sealed class RouteCache
{
    // Exchange and routing key as two short strings.
    private readonly byte[] _key = new byte[512];
    private int _keyLength = -1;
    private int _version;
    private int _revision;

    // Published since the exchange was told: by other routes, and by this one, which leads to so many queues.
    private long _published;
    private long _queues;
    private long _hits;

    public Exchange Exchange { get; private set; } = null!;

    public RouteResult Result { get; } = new();

    /// <summary>The exchange's version has not moved since it was asked.</summary>
    public bool IsCurrent => Exchange.Version == _version;

    public bool Matches(ReadOnlySpan<byte> exchangeAndRoutingKey, int revision)
    {
        if (_keyLength != exchangeAndRoutingKey.Length
            || _revision != revision
            || !exchangeAndRoutingKey.SequenceEqual(_key.AsSpan(0, _keyLength))
            || !IsCurrent)
        {
            return false;
        }
        if (Exchange.IsDefault)
            return Result.Queues is [var queue] && !queue.IsDeleted;
        return true;
    }

    /// <summary>One more message went this way.</summary>
    public void Count() => _hits++;

    /// <summary>
    /// Messages and the queues that they went to, one for each, that the exchange does not know of yet.
    /// </summary>
    public (long Published, long Queues) Untold =>
        (_published + _hits, _queues + (_hits * Result.Queues.Length));

    /// <summary>Tells the exchange; the channel is at its end, or goes on with another one.</summary>
    public void Tell()
    {
        var (published, queues) = Untold;
        if (published > 0)
            Exchange.CountPublished(published, queues);
        _published = _queues = _hits = 0;
    }

    /// <summary>Remembers the exchange before it is asked: its version must be the one from before.</summary>
    public void Begin(Exchange exchange, int revision)
    {
        _keyLength = -1;
        if (ReferenceEquals(exchange, Exchange))
            ((_published, _queues), _hits) = (Untold, 0);
        else
            Tell();
        Exchange = exchange;
        _version = exchange.Version;
        _revision = revision;
    }

    public void Keep(ReadOnlySpan<byte> exchangeAndRoutingKey)
    {
        exchangeAndRoutingKey.CopyTo(_key);
        _keyLength = exchangeAndRoutingKey.Length;
    }
}
