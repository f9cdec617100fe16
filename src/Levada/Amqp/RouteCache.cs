using Levada.Counting;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// Where a channel's last message went: publishers mostly repeat themselves. Good while the exchange's version stands
/// and no queue in it is deleted. What goes the same way is counted by one number, which is added to the channel's
/// counts when the way changes or somebody looks.
/// </summary>
/// <param name="options">Bounds what is counted.</param>
internal sealed class RouteCache(BrokerOptions options)
{
    // Exchange and routing key as two short strings.
    private readonly byte[] _key = new byte[512];
    private int _keyLength = -1;
    private int _version;
    private int _revision;

    // Messages that went this way and are not in the table yet.
    private long _hits;
    private ExchangePublishes? _confirming;

    public Exchange Exchange { get; private set; } = null!;

    public RouteResult Result { get; } = new();

    /// <summary>All that the channel has published.</summary>
    public PublishTable Table { get; } = new(options);

    /// <summary>Of it what went to this exchange.</summary>
    public ExchangePublishes Publishes { get; private set; } = null!;

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

    /// <summary>Brings the table up to date.</summary>
    public void AddHits()
    {
        if (_hits > 0)
            Table.Add(Exchange, Publishes, Result.Queues, _hits);
        _hits = 0;
    }

    /// <summary>
    /// Since the last post: after which of the channel's numbers it was another exchange. Null if it never confirmed.
    /// </summary>
    public List<(ulong After, ExchangePublishes Publishes)>? Switches { get; private set; }

    /// <summary>The messages that follow this number, and are to be confirmed, go to this exchange.</summary>
    public void NoteSwitch(ulong after)
    {
        if (ReferenceEquals(Publishes, _confirming))
            return;
        _confirming = Publishes;
        (Switches ??= []).Add((after, Publishes));
    }

    /// <summary>The next message is looked at as if it were the first.</summary>
    public void Forget() => _keyLength = -1;

    /// <summary>Remembers the exchange before it is asked: its version must be the one from before.</summary>
    public void Begin(Exchange exchange, int revision)
    {
        Forget();
        AddHits();
        if (!ReferenceEquals(exchange, Exchange))
            Publishes = Table.Of(exchange);
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
