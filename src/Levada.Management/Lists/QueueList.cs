using System.Text.Json;
using Levada.Management.Api;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>Queues in lists.</summary>
internal static class QueueList
{
    private static readonly (string Name, Func<DeliveryCounters, long> Of)[] Stats =
    [
        ("publish", static c => c.Published), ("deliver", static c => c.Delivered),
        ("deliver_no_ack", static c => c.DeliveredNoAck), ("get", static c => c.Got),
        ("get_no_ack", static c => c.GotNoAck), ("get_empty", static c => c.GotEmpty),
        ("deliver_get", static c => c.Delivered + c.DeliveredNoAck + c.Got + c.GotNoAck),
        ("ack", static c => c.Settled), ("redeliver", static c => c.Redelivered), ("expire", static c => c.Expired),
        ("dead_letter", static c => c.DeadLettered),
    ];

    private static readonly Dictionary<string, Func<Queue, ListValue>> Fields = MakeFields();

    public static ListKind<Queue> Kind(string node) => new()
    {
        Name = static queue => queue.Name,
        Write = (json, queue) =>
        {
            if (queue.IsDeleted)
                return false;
            JsonSerializer.Serialize(json, QueueReply.Of(queue, node), ApiJson.Default.QueueReply);
            return true;
        },
        Fields = Fields,
        Order = static (a, b) => string.CompareOrdinal(a.VHost, b.VHost) is not 0 and var order
            ? order
            : string.CompareOrdinal(a.Name, b.Name),
        Definition =
        [
            "name", "vhost", "durable", "auto_delete", "exclusive", "arguments", "node", "type", "state", "policy",
        ],
    };

    private static Dictionary<string, Func<Queue, ListValue>> MakeFields()
    {
        var fields = new Dictionary<string, Func<Queue, ListValue>>
        {
            ["name"] = static q => q.Name,
            ["vhost"] = static q => q.VHost,
            ["type"] = static q => q.Type.Name(),
            ["durable"] = static q => q.Durable,
            ["exclusive"] = static q => q.Exclusive,
            ["auto_delete"] = static q => q.AutoDelete,
            ["consumers"] = static q => q.ConsumerCount,
            ["messages"] = static q => q.Ready + q.Unacked,
            ["messages_ready"] = static q => q.Ready,
            ["messages_unacknowledged"] = static q => q.Unacked,
            ["message_bytes"] = static q => q.ReadyBytes + q.UnackedBytes,
            ["message_bytes_ready"] = static q => q.ReadyBytes,
            ["message_bytes_unacknowledged"] = static q => q.UnackedBytes,
            ["policy"] = static q => q.Policies.Own?.Name,
            ["operator_policy"] = static q => q.Policies.Operator?.Name,
        };
        foreach (var (name, of) in Stats)
            fields.Add($"message_stats.{name}", queue => of(queue.Counters));
        return fields;
    }
}
