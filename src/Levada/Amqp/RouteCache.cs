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

    /// <summary>Remembers the exchange before it is asked: its version must be the one from before.</summary>
    public void Begin(Exchange exchange, int revision)
    {
        _keyLength = -1;
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
