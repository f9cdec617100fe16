using System.Text.Json;
using Levada.Management.Api;
using Levada.Queues;

namespace Levada.Management.Lists;

/// <summary>Queues in lists.</summary>
internal static class QueueList
{
    /// <summary>Of all queues.</summary>
    public static RatesOf<Queue, QueueSample> Rates { get; } = new(QueueSample.None);

    private static readonly Dictionary<string, Func<Queue, ListValue>> Fields = MakeFields();

    public static ListKind<Queue> Kind(string node) => new()
    {
        Name = static queue => queue.Name,
        Write = (json, queue) =>
        {
            if (queue.IsDeleted)
                return false;
            var now = queue.TakeSample();
            var (before, over) = Rates.Look(queue, now);
            JsonSerializer.Serialize(
                json, QueueReply.Of(queue, node, now, Figures.Queues.Rates(now, before, over)),
                ApiJson.Default.QueueReply);
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
        foreach (var (name, of) in Figures.Queues.All)
        {
            var path = name.StartsWith("messages", StringComparison.Ordinal) ? name : $"message_stats.{name}";
            fields.TryAdd(path, queue => of(queue.TakeSample()));
            fields.Add($"{path}_details.rate", queue =>
            {
                var now = queue.TakeSample();
                var (before, over) = Rates.Look(queue, now);
                return RateReply.RateOf(of(now), of(before), over);
            });
        }
        return fields;
    }
}
