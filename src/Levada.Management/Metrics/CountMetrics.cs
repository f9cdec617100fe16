namespace Levada.Management.Metrics;

/// <summary>What counted_pairs_max left out of the counts by channel, exchange and queue.</summary>
internal static class CountMetrics
{
    private const string Name = "levada_messages_uncounted_total";

    public static void Write(MetricsText text, Broker broker)
    {
        var uncounted = broker.Connections.CountUncounted();
        text.Family(Name, "counter", "Messages that are in the totals, but had no room in the counts by these two");
        text.Sample(Name, uncounted.ByExchange, ("by", "channel_exchange"));
        text.Sample(Name, uncounted.ByQueue, ("by", "channel_queue"));
        text.Sample(Name, uncounted.ByRoute, ("by", "exchange_queue"));
    }
}
