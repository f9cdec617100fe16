using Levada.Amqp;
using Levada.Catalog;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>
/// How virtual hosts, queues, exchanges, connections and channels are sampled, for charts that are full when a page
/// opens. Safe from any thread.
/// </summary>
internal sealed class SampledObjects(Broker broker)
{
    // Adding up what went through exchanges, or virtual hosts, looks at every connection: one sum does for all of them.
    private const long SumsLastMs = 1_000;

    // Most brokers have a few; where each customer has one, queues are to have room too.
    private const int VHostsFirst = 20;

    private readonly Lock _lock = new();
    private (ExchangeCounts Sums, long TakenMs)? _exchanges;
    private (IReadOnlyDictionary<VHost, MessageCounters> Sums, long TakenMs)? _vhosts;

    /// <summary>
    /// Virtual hosts and queues first, as there is something in them when nobody is connected.
    /// </summary>
    public IEnumerable<(object What, Func<long[]?> Take)> All()
    {
        foreach (var vhost in broker.Catalog.VHosts.Take(VHostsFirst))
            yield return (vhost, Figures.VHosts.Taking(Taking(vhost)));
        foreach (var queue in broker.Catalog.VHosts.SelectMany(static vhost => vhost.Queues()))
            yield return (queue, Figures.Queues.Taking(Taking(queue)));
        foreach (var exchange in broker.Catalog.VHosts.SelectMany(static vhost => vhost.Exchanges()))
            yield return (exchange, Figures.Exchanges.Taking(Taking(exchange)));
        var connections = broker.Connections.All.Where(static connection => connection.VHost is not null);
        foreach (var connection in connections)
            yield return (connection, Figures.Clients.Taking(Taking(connection)));
        foreach (var connection in connections)
        {
            foreach (var channel in connection.TakeChannelSnapshots())
            {
                var number = (ushort)channel.Number;
                yield return ((connection, number), Figures.Clients.Taking(Taking(connection, number)));
            }
        }
    }

    public Func<VHostSample?> Taking(VHost vhost) =>
        () => vhost.IsDeleted ? null : VHostSample.Of(vhost, VHostTotals());

    public static Func<QueueSample?> Taking(Queue queue) => () => queue.IsDeleted ? null : queue.TakeSample();

    public Func<ExchangeSample?> Taking(Exchange exchange) =>
        () => exchange.IsDeleted ? null : ExchangeSample.Of(exchange, ExchangeCounts());

    public static Func<ClientSample?> Taking(Connection connection) =>
        () => connection.TakeSnapshot() is { State: not "closed" } now ? ClientSample.Of(now) : null;

    public static Func<ClientSample?> Taking(Connection connection, ushort number) =>
        () => connection.TakeChannelSnapshot(number) is { } now ? ClientSample.Of(now) : null;

    private ExchangeCounts ExchangeCounts()
    {
        lock (_lock)
            return Lasting(ref _exchanges, broker.Connections.CountExchanges);
    }

    private IReadOnlyDictionary<VHost, MessageCounters> VHostTotals()
    {
        lock (_lock)
            return Lasting(ref _vhosts, broker.Connections.TotalsByVHost);
    }

    private static T Lasting<T>(ref (T Sums, long TakenMs)? last, Func<T> take)
    {
        var nowMs = Environment.TickCount64;
        if (last is not { } taken || nowMs - taken.TakenMs > SumsLastMs)
            last = taken = (take(), nowMs);
        return taken.Sums;
    }
}
