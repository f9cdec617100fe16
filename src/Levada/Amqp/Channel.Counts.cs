using System.Runtime.InteropServices;
using Levada.Counting;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>
/// What a channel counts by exchange and by queue. A channel that has published and was given nothing has no tables.
/// </summary>
internal sealed partial class Channel
{
    // Under the outbox lock.
    private DeliveryTable? _deliveries;

    /// <summary>Adds what its exchanges have not been told.</summary>
    public void AddTo(ExchangeCounts counts)
    {
        if (Publishes is not { } publishes)
            return;
        foreach (var (exchange, to) in publishes.Exchanges)
            counts.Add(exchange, to.Published, to.QueuesReached);
    }

    /// <summary>What it has published, up to now; null if nothing. In a turn of its connection.</summary>
    public PublishTable? Publishes
    {
        get
        {
            _routes?.AddHits();
            return _routes?.Table;
        }
    }

    /// <summary>What it was given by each queue, but for those that are deleted. Takes the outbox lock.</summary>
    public IReadOnlyList<(Queue Queue, QueueDeliveries Deliveries)> ListDeliveries()
    {
        lock (_outbox.Lock)
        {
            if (_deliveries is null)
                return [];
            var all = new List<(Queue, QueueDeliveries)>(_deliveries.Queues.Length);
            foreach (var (queue, deliveries) in _deliveries.Queues)
            {
                if (!queue.IsDeleted)
                    all.Add((queue, deliveries));
            }
            return all;
        }
    }

    /// <summary>What it was given by one queue; null if nothing. Takes the outbox lock.</summary>
    public QueueDeliveries? FindDeliveries(Queue queue)
    {
        lock (_outbox.Lock)
            return _deliveries?.Find(queue);
    }

    /// <summary>What it had no room to count apart. In a turn of its connection.</summary>
    public Uncounted Uncounted
    {
        get
        {
            var published = Publishes?.Uncounted ?? default;
            lock (_outbox.Lock)
                return published + (_deliveries?.Uncounted ?? default);
        }
    }

    /// <summary>The memory of the tables. In a turn of its connection.</summary>
    private long CountsBytes => (_routes?.Table.HeldBytes ?? 0) + (Volatile.Read(ref _deliveries)?.HeldBytes ?? 0);

    // Exchanges and queues keep what went from one to the other; the rest ends with the channel.
    private void TellCounts()
    {
        var uncounted = Publishes?.Tell() ?? default;
        lock (_outbox.Lock)
        {
            uncounted += _deliveries?.Uncounted ?? default;
            _deliveries = null;
        }
        Broker.Connections.AddUncounted(uncounted);
    }

    // Under the outbox lock.
    private QueueDeliveries DeliveriesOf(Queue queue) =>
        (_deliveries ??= new DeliveryTable(Broker.Options)).Of(queue);

    // Under the outbox lock.
    private void CountAcknowledged(List<UnsettledEntry> taken)
    {
        foreach (ref readonly var entry in CollectionsMarshal.AsSpan(taken))
            CountAcknowledged(entry);
    }

    // A consumer that has been given something knows where that is counted.
    private void CountAcknowledged(in UnsettledEntry entry) =>
        (entry.Consumer?.Deliveries ?? DeliveriesOf(entry.Queue!)).Acknowledged++;
}
