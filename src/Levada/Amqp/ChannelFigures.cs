using System.Net;
using Levada.Counting;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// An open channel as it is, for who looks at many and shows few: nothing is copied. Its figures are good in the turn
/// in which it was given; connection and number are good for ever.
/// </summary>
public readonly struct ChannelFigures
{
    private readonly Channel _channel;
    private readonly long _nowMs;

    internal ChannelFigures(Channel channel, long nowMs) => (_channel, _nowMs) = (channel, nowMs);

    public Connection Connection => _channel.Connection;

    public ushort Number => _channel.Number;

    /// <summary>As in <see cref="ChannelSnapshot.Name"/>.</summary>
    public string Name => $"{Connection.Name} ({Number})";

    public string State => _channel.StateName(_nowMs).Name;

    public bool IsConfirming => _channel.Mode == ChannelMode.Confirm;

    public bool IsTransactional => _channel.Mode == ChannelMode.Transaction;

    public int Consumers => _channel.ConsumerCount;

    public int Prefetch => _channel.Prefetch;

    public int GlobalPrefetch => _channel.GlobalPrefetch;

    public int Unacknowledged => _channel.Unacknowledged;

    public long Unconfirmed => _channel.Unconfirmed;

    public int Uncommitted => _channel.Uncommitted;

    public int AcksUncommitted => _channel.AcksUncommitted;

    public long OpenMs => Math.Max(0, _nowMs - _channel.OpenedMs);

    public long IdleMs => Math.Max(0, _nowMs - _channel.LastUsedMs);

    public HeldBytes Held => _channel.Held;

    /// <summary>Bytes of all its memory, what it holds included.</summary>
    public long Memory => _channel.Held.Total + _channel.OwnBytes;

    public MessageCounters Counters => _channel.Counters;

    /// <summary>The counters of some seconds ago, and how many.</summary>
    public (MessageCounters Before, TimeSpan Over) Rates => _channel.Rates(_channel.Counters, _nowMs);

    public EndPoint? Peer => Connection.Peer;

    /// <summary>What it has published, by exchange; those that are deleted may be among them.</summary>
    public ReadOnlySpan<(Exchange Exchange, ExchangePublishes Publishes)> Publishes =>
        _channel.Publishes is { } table ? table.Exchanges : [];

    /// <summary>
    /// Where what it has published went: the exchange that it named, and a queue that this led to. Those that are
    /// deleted may be among them.
    /// </summary>
    public ReadOnlySpan<(Route Route, RouteCounts Counts)> Routes =>
        _channel.Publishes is { } table ? table.Routes : [];

    /// <summary>What it has published to an exchange; null if nothing.</summary>
    public ExchangePublishes? PublishesTo(Exchange exchange) => _channel.Publishes?.Find(exchange);

    /// <summary>What it was given, by queue.</summary>
    public IReadOnlyList<(Queue Queue, QueueDeliveries Deliveries)> Deliveries => _channel.ListDeliveries();

    /// <summary>What it was given of a queue; null if nothing.</summary>
    public QueueDeliveries? DeliveriesOf(Queue queue) => _channel.FindDeliveries(queue);

    internal Uncounted Uncounted => _channel.Uncounted;
}
