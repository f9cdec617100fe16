using Levada.Amqp;

namespace Levada.Management.Metrics;

/// <summary>Connections and channels by state, and the memory that they hold.</summary>
internal static class ConnectionMetrics
{
    private static readonly string[] States = ["running", "flow", "blocking", "blocked", "closing"];
    private static readonly string[] ChannelStates = ["running", "flow", "paused", "closing"];

    public static void Write(MetricsText text, NodeSnapshot node)
    {
        text.Family("levada_connections_by_state", "gauge", "Connections by what they are at; watch flow and blocked");
        foreach (var state in States.Union(node.ConnectionsByState.Keys))
            text.Sample("levada_connections_by_state", Of(node.ConnectionsByState, state), ("state", state));
        text.Family("levada_channels_by_state", "gauge", "Channels by what they are at");
        foreach (var state in ChannelStates)
            text.Sample("levada_channels_by_state", Of(node.ChannelsByState, state), ("state", state));
        text.Family("levada_connections_held_bytes", "gauge", "Memory held for clients, by what it is held for");
        Held("receive", node.Held.Receive);
        Held("parked", node.Held.Parked);
        Held("content", node.Held.Content);
        Held("uncommitted", node.Held.Uncommitted);
        Held("unsettled", node.Held.Unsettled);
        Held("outbox", node.Held.Outbox);
        Held("posted", node.Held.Posted);

        void Held(string kind, long bytes) => text.Sample("levada_connections_held_bytes", bytes, ("kind", kind));
    }

    public static void WriteUsage(MetricsText text, IReadOnlyList<UsageSnapshot> usage)
    {
        Family("levada_connections_opened_total", "Connections opened, by whom", static c => c.ConnectionsOpened);
        Family("levada_connections_closed_total", "Connections closed, by whom", static c => c.ConnectionsClosed);
        Family("levada_channels_opened_total", "Channels opened, by whom", static c => c.ChannelsOpened);
        Family("levada_channels_closed_total", "Channels closed, by whom", static c => c.ChannelsClosed);

        // Addresses and connection names are too many for labels, and the node has RabbitMQ's names.
        void Family(string name, string help, Func<Churn, long> figure)
        {
            text.Family(name, "counter", help);
            foreach (var u in usage.Where(static u =>
                u.Kind is not (UsageKind.Node or UsageKind.Address or UsageKind.ConnectionName)))
            {
                text.Sample(
                    name, figure(u.Total), ("scope", u.Kind.ToString().ToLowerInvariant()), ("name", u.Name));
            }
        }
    }

    private static int Of(IReadOnlyDictionary<string, int> counts, string state) => counts.GetValueOrDefault(state);
}
