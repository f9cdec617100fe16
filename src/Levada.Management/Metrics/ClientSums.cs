using Levada.Amqp;

namespace Levada.Management.Metrics;

/// <summary>What connections and channels are at this moment, added up in one pass, each in its own turn.</summary>
internal sealed class ClientSums
{
    public int Connections { get; private set; }

    public int Channels { get; private set; }

    public long Consumers { get; private set; }

    public long Publishers { get; private set; }

    public long Unacknowledged { get; private set; }

    public long Unconfirmed { get; private set; }

    public long Uncommitted { get; private set; }

    public long AcksUncommitted { get; private set; }

    public long Prefetch { get; private set; }

    public long GlobalPrefetch { get; private set; }

    public static ClientSums Of(Broker broker, MetricsRequest request)
    {
        var sums = new ClientSums();
        foreach (var connection in broker.Connections.All)
        {
            if (!request.Wants(connection.VHost?.Name))
                continue;
            sums.Connections++;
            connection.VisitChannels(sums.Add);
        }
        return sums;
    }

    private void Add(ChannelFigures channel)
    {
        Channels++;
        Consumers += channel.Consumers;
        Publishers += channel.Counters.Published > 0 ? 1 : 0;
        Unacknowledged += channel.Unacknowledged;
        Unconfirmed += channel.Unconfirmed;
        Uncommitted += channel.Uncommitted;
        AcksUncommitted += channel.AcksUncommitted;
        Prefetch += channel.Prefetch;
        GlobalPrefetch += channel.GlobalPrefetch;
    }
}
