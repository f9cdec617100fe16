using Levada.Queues;

namespace Levada.Amqp;

/// <summary>What a channel tells of itself. All of it in a turn of its connection.</summary>
internal sealed partial class Channel
{
    private readonly long _openedMs;

    // Since when it is closing, or its deliveries have been paused or resumed.
    private long _stateSinceMs;
    private Throttle _throttle;
    private RateBase<MessageCounters>? _rates;

    // Under the outbox lock.
    private long _lastDeliveredMs;

    /// <summary>What was done here since it was opened.</summary>
    public MessageCounters Counters { get; } = new();

    /// <summary>When the last frame for it came, in the milliseconds of the system's tick count.</summary>
    public long LastReceivedMs { get; private set; }

    /// <summary>When it was last of use: a frame came or a message was delivered.</summary>
    public long LastUsedMs => Math.Max(LastReceivedMs, Volatile.Read(ref _lastDeliveredMs));

    public int Unacknowledged => _unsettled.Count;

    /// <summary>Publishes of the open transaction.</summary>
    public int Uncommitted => _transaction?.Uncommitted ?? 0;

    /// <summary>Memory that is held for it alone.</summary>
    public HeldBytes Held => new(
        Receive: 0, _parked is null ? 0 : _parked.Length + _parked.Free, _message.Length, _transaction?.Bytes ?? 0,
        _unsettled.HeldBytes, Outbox: 0, Posted: 0);

    public int Prefetch => _prefetch;

    public int GlobalPrefetch => _globalPrefetch;

    /// <summary>Settles of the open transaction.</summary>
    public int AcksUncommitted => _transaction?.Settles.Count ?? 0;

    public long OpenedMs => _openedMs;

    /// <summary>
    /// What to compare the counters with, and how long ago that was. Of idle channels nothing is kept, so that a look
    /// at very many costs neither time nor memory.
    /// </summary>
    public (MessageCounters Before, TimeSpan Over) Rates(MessageCounters counters, long nowMs)
    {
        var idleMs = nowMs - LastUsedMs;
        if (idleMs < RateBase<MessageCounters>.QuietMs)
            return (_rates ??= MessageCounters.RateBase(_openedMs)).Look(counters, nowMs);
        if (idleMs >= RateBase<MessageCounters>.KeptMs)
            _rates = null;
        return (counters, TimeSpan.FromMilliseconds(RateBase<MessageCounters>.QuietMs));
    }

    public void VisitConsumers(Action<ConsumerFigures> look)
    {
        if (_consumers is null)
            return;
        foreach (var consumer in _consumers.Values)
            look(new ConsumerFigures(Connection, Number, consumer));
    }

    public ChannelSnapshot Snapshot(long nowMs)
    {
        var counters = Counters.Copy();
        var (before, over) = Rates(counters, nowMs);
        var (state, sinceMs) = StateName(nowMs);
        return new ChannelSnapshot
        {
            Name = $"{Connection.Name} ({Number})",
            Number = Number,
            ConnectionName = Connection.Name,
            ClientName = Connection.ClientName,
            Peer = Connection.Peer,
            VHost = Connection.VHost?.Name ?? "",
            User = Connection.UserName ?? "",
            State = state,
            InStateFor = Ago(sinceMs),
            TakenAt = Broker.Time.GetUtcNow(),
            OpenFor = Ago(_openedMs),
            IsConfirming = Mode == ChannelMode.Confirm,
            IsTransactional = Mode == ChannelMode.Transaction,
            Consumers = ConsumerCount,
            Prefetch = Prefetch,
            GlobalPrefetch = GlobalPrefetch,
            Unacknowledged = Unacknowledged,
            Unconfirmed = Unconfirmed,
            Uncommitted = Uncommitted,
            AcksUncommitted = AcksUncommitted,
            Counters = counters,
            Before = before,
            RatesOver = over,
            LastReceivedAgo = Ago(LastReceivedMs),
            LastDeliveredAgo = Ago(Math.Max(_openedMs, Volatile.Read(ref _lastDeliveredMs))),
            Held = Held,
            Memory = Held.Total + OwnBytes,
            ConsumerList = _consumers is null ? [] : [.. _consumers.Values.Select(ConsumerSnapshot.Of)],
        };

        TimeSpan Ago(long thenMs) => TimeSpan.FromMilliseconds(Math.Max(0, nowMs - thenMs));
    }

    /// <summary>As RabbitMQ names states, and since when it is so (rule D16).</summary>
    public (string Name, long SinceMs) StateName(long nowMs)
    {
        if (IsClosing)
            return ("closing", _stateSinceMs);
        if ((_paused & ~DeliveryPause.Client) != 0)
            return ("paused", _stateSinceMs);
        if (_paused != DeliveryPause.None)
            return ("flow", _stateSinceMs);
        return _isGated || _throttle.IsShown(nowMs)
            ? ("flow", _throttle.SinceMs)
            : ("running", Math.Max(_stateSinceMs, _throttle.EndMs));
    }

    // Under the outbox lock.
    private void CountDelivery(Consumer consumer, bool redelivered)
    {
        CountDelivery(consumer.NoAck, redelivered);
        (consumer.Deliveries ??= DeliveriesOf(consumer.Queue)).CountDelivery(consumer.NoAck, redelivered);
    }

    // Under the outbox lock.
    private void CountDelivery(bool noAck, bool redelivered)
    {
        Counters.CountDelivery(noAck, redelivered);
        _outbox.Counters.CountDelivery(noAck, redelivered);
        _lastDeliveredMs = Broker.TickMs;
    }
}
