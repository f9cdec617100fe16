namespace Levada.Amqp;

/// <summary>
/// What one node, virtual host, user, client product or address has open and has had. Guarded by the lock of
/// <see cref="OpenConnections"/>, so that a limit is checked and counted in one step.
/// </summary>
internal sealed class Usage(UsageKind kind, string name, long nowMs)
{
    private Churn _base;
    private Churn _next;
    private long _baseMs = nowMs;
    private long _nextMs = nowMs;
    private double _tokens = double.MaxValue;
    private long _tokensMs;

    public UsageKind Kind { get; } = kind;

    public string Name { get; } = name;

    public Churn Total { get; set; }

    public int Connections => (int)Total.Connections;

    public int Channels => (int)Total.Channels;

    /// <summary>It was warned that connections or channels come near their limit.</summary>
    public bool NearConnections;

    public bool NearChannels;

    public bool NearRate;

    /// <summary>Nothing is open, and no haste is remembered.</summary>
    public bool IsIdle(int rate, long nowMs) =>
        Connections == 0 && Channels == 0 && (rate == 0 || TokensLeft(rate, nowMs) >= rate);

    /// <summary>
    /// Takes one of the connections that a second allows; as many may come at once. 0 if there was one, else how many
    /// milliseconds until there is.
    /// </summary>
    public int TakeToken(int rate, long nowMs)
    {
        var left = TokensLeft(rate, nowMs);
        _tokensMs = nowMs;
        if (left < 1)
        {
            _tokens = left;
            return Math.Max(1, (int)Math.Ceiling((1 - left) * 1000 / rate));
        }
        _tokens = left - 1;
        return 0;
    }

    public double TokensLeft(int rate, long nowMs) =>
        _tokens == double.MaxValue ? rate : Math.Min(rate, _tokens + ((nowMs - _tokensMs) * rate / 1000.0));

    /// <summary>Moves what rates are counted from; every five seconds.</summary>
    public void Step(long nowMs)
    {
        (_base, _baseMs) = (_next, _nextMs);
        (_next, _nextMs) = (Total, nowMs);
    }

    public UsageSnapshot Snapshot(long nowMs)
    {
        var seconds = Math.Max(1, nowMs - _baseMs) / 1000.0;
        return new UsageSnapshot(
            Kind, Name, Total,
            new ChurnRates(
                (Total.ConnectionsOpened - _base.ConnectionsOpened) / seconds,
                (Total.ConnectionsClosed - _base.ConnectionsClosed) / seconds,
                (Total.ChannelsOpened - _base.ChannelsOpened) / seconds,
                (Total.ChannelsClosed - _base.ChannelsClosed) / seconds));
    }
}
