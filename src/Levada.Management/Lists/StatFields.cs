using Levada.Amqp;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>The fields that several kinds of lists have alike.</summary>
internal static class StatFields
{
    // Those that stand beside message_stats.
    private static readonly string[] Traffic = ["recv_oct", "recv_cnt", "send_oct", "send_cnt"];

    private static readonly (string Name, Func<HeldBytes, long> Of)[] Held =
    [
        ("total", static h => h.Total), ("receive", static h => h.Receive), ("parked", static h => h.Parked),
        ("content", static h => h.Content), ("uncommitted", static h => h.Uncommitted),
        ("unsettled", static h => h.Unsettled), ("outbox", static h => h.Outbox), ("posted", static h => h.Posted),
    ];

    /// <summary>message_stats.* and what came and went, with rates, and held_bytes.*.</summary>
    public static Dictionary<string, Func<T, ListValue>> WithStats<T>(
        this Dictionary<string, Func<T, ListValue>> fields, Func<T, MessageCounters> counters,
        Func<T, (MessageCounters Before, TimeSpan Over)> rates, Func<T, HeldBytes> held)
    {
        foreach (var (name, of) in Figures.Messages.All)
            Add(Traffic.Contains(name) ? name : $"message_stats.{name}", of);
        foreach (var (name, of) in Held)
            fields.Add($"held_bytes.{name}", item => of(held(item)));
        return fields;

        void Add(string name, Func<MessageCounters, long> of)
        {
            fields.Add(name, item => of(counters(item)));
            fields.Add($"{name}_details.rate", item =>
            {
                var (before, over) = rates(item);
                return RateReply.RateOf(of(counters(item)), of(before), over);
            });
        }
    }
}
