using Levada.Amqp;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>
/// How queues, exchanges, connections and channels are sampled, for charts that are full when a page opens. Safe from
/// any thread.
/// </summary>
internal sealed class SampledObjects(Broker broker)
{
    // Adding up what went through exchanges looks at every connection, so one sum does for all of them.
    private const long CountsLastMs = 1_000;

    private readonly Lock _lock = new();
    private ExchangeCounts? _counts;
    private long _countedMs;

    /// <summary>Queues first, as there is something in them when nobody is connected.</summary>
    public IEnumerable<(object What, Func<long[]?> Take)> All()
    {
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

    public static Func<QueueSample?> Taking(Queue queue) => () => queue.IsDeleted ? null : queue.TakeSample();

    public Func<ExchangeSample?> Taking(Exchange exchange) =>
        () => exchange.IsDeleted ? null : ExchangeSample.Of(exchange, Counts());

    public static Func<ClientSample?> Taking(Connection connection) =>
        () => connection.TakeSnapshot() is { State: not "closed" } now ? ClientSample.Of(now) : null;

    public static Func<ClientSample?> Taking(Connection connection, ushort number) =>
        () => connection.TakeChannelSnapshot(number) is { } now ? ClientSample.Of(now) : null;

    private ExchangeCounts Counts()
    {
        lock (_lock)
        {
            var nowMs = Environment.TickCount64;
            if (_counts is null || nowMs - _countedMs > CountsLastMs)
                (_counts, _countedMs) = (broker.Connections.CountExchanges(), nowMs);
            return _counts;
        }
    }
}
