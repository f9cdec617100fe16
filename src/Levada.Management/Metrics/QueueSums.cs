using Levada.Queues;

namespace Levada.Management.Metrics;

/// <summary>What the queues that are asked for hold at this moment.</summary>
internal sealed class QueueSums
{
    public int Queues { get; private set; }

    public int Bindings { get; private set; }

    public long Consumers { get; private set; }

    public long Ready { get; private set; }

    public long Unacked { get; private set; }

    public long ReadyBytes { get; private set; }

    public long UnackedBytes { get; private set; }

    public static QueueSums Of(Broker broker, MetricsRequest request)
    {
        var sums = new QueueSums();
        foreach (var vhost in broker.Catalog.VHosts.Where(v => request.Wants(v.Name)))
        {
            sums.Bindings += vhost.Exchanges().Sum(static e => e.BindingCount);
            foreach (var queue in vhost.Queues())
                sums.Add(queue);
        }
        return sums;
    }

    private void Add(Queue queue)
    {
        Queues++;
        Consumers += queue.ConsumerCount;
        Ready += queue.Ready;
        Unacked += queue.Unacked;
        ReadyBytes += queue.ReadyBytes;
        UnackedBytes += queue.UnackedBytes;
    }
}
