using Levada.Accounting;
using Levada.Queues;

namespace Levada.Counting;

/// <summary>
/// What one channel was given, by queue. Made with the first delivery, gone with the channel. Owner: the outbox lock of
/// its connection.
/// </summary>
internal sealed class DeliveryTable(BrokerOptions options)
{
    private static readonly Func<Queue, QueueDeliveries> Make = static _ => new QueueDeliveries();

    private readonly PairTable<Queue, QueueDeliveries> _queues = new(static queue => queue.IsDeleted);

    /// <summary>Those of queues for which there was no room, together.</summary>
    public QueueDeliveries Rest { get; } = new();

    public ReadOnlySpan<(Queue Key, QueueDeliveries Counts)> Queues => _queues.All;

    public Uncounted Uncounted => new(ByExchange: 0, ByQueue: Rest.HandedOut + Rest.GotEmpty, ByRoute: 0);

    /// <summary>All of it.</summary>
    public long HeldBytes => ObjectSize.Of<DeliveryTable>()
        + ObjectSize.Of<PairTable<Queue, QueueDeliveries>>() + ObjectSize.Delegate + _queues.HeldBytes
        + ((_queues.Count + 1) * ObjectSize.Of<QueueDeliveries>());

    public QueueDeliveries? Find(Queue queue) => _queues.Find(queue);

    /// <summary>Where deliveries of it are counted.</summary>
    public QueueDeliveries Of(Queue queue) =>
        _queues.Find(queue) ?? (_queues.TryAdd(queue, Make, options.CountedPairsMax, out var made) ? made : Rest);
}
