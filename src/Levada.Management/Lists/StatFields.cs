using Levada.Amqp;
using Levada.Management.Api;

namespace Levada.Management.Lists;

/// <summary>The fields that several kinds of lists have alike.</summary>
internal static class StatFields
{
    private static readonly (string Name, Func<MessageCounters, long> Of)[] Messages =
    [
        ("publish", static c => c.Published), ("confirm", static c => c.Confirmed),
        ("return_unroutable", static c => c.Returned), ("drop_unroutable", static c => c.DroppedUnroutable),
        ("deliver", static c => c.Delivered), ("deliver_no_ack", static c => c.DeliveredNoAck),
        ("get", static c => c.Got), ("get_no_ack", static c => c.GotNoAck), ("get_empty", static c => c.GotEmpty),
        ("ack", static c => c.Acknowledged), ("reject", static c => c.Rejected), ("requeue", static c => c.Requeued),
        ("redeliver", static c => c.Redelivered), ("deliver_get", static c => c.HandedOut),
    ];

    private static readonly (string Name, Func<MessageCounters, long> Of)[] Traffic =
    [
        ("recv_oct", static c => c.BytesReceived), ("recv_cnt", static c => c.FramesReceived),
        ("send_oct", static c => c.BytesSent), ("send_cnt", static c => c.FramesSent),
    ];

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
        foreach (var (name, of) in Messages)
            Add($"message_stats.{name}", of);
        foreach (var (name, of) in Traffic)
            Add(name, of);
        foreach (var (name, of) in Held)
            fields.Add($"held_bytes.{name}", item => of(held(item)));
        return fields;

        void Add(string name, Func<MessageCounters, long> of)
        {
            fields.Add(name, item => of(counters(item)));
            fields.Add($"{name}_details.rate", item =>
            {
                var (before, over) = rates(item);
                return RateReply.Of(of(counters(item)), of(before), over).Rate;
            });
        }
    }
}
