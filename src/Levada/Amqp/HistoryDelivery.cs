using Levada.Exchanges;
using Levada.Journal;
using Levada.Protocol;
using Levada.Queues;
using Levada.Storage;

namespace Levada.Amqp;

/// <summary>
/// What an x-recent-history exchange remembers goes to a queue, or through an exchange, that is bound to it. Called by
/// whoever makes the binding visible, before the client has its bind-ok.
/// </summary>
internal static class HistoryDelivery
{
    private const int BatchBytesMax = 1 << 20;

    public static void Deliver(Binding binding)
    {
        var messages = binding.Source.History!.Snapshot();
        var batches = new Dictionary<Shard, PostBatch>();
        var result = new RouteResult();
        foreach (var (bytes, file) in messages)
        {
            var message = new StoredMessage(bytes);
            BasicPropertiesReader.TryRead(message.Properties, out var properties);
            result.Clear();
            if (binding.Exchange is { } exchange)
                Router.Route(exchange, message.RoutingKey, properties, result);
            else
                result.Add(binding.Queue!);
            foreach (var shard in result.Queues.ToArray().Select(static queue => queue.Shard).Distinct())
                Add(batches, shard, result.Queues, bytes, file, properties.DeliveryMode == 2);
            file?.Release();
        }

        foreach (var (shard, batch) in batches)
            shard.Post(batch);
    }

    private static void Add(
        Dictionary<Shard, PostBatch> batches, Shard shard, ReadOnlySpan<Queue> queues, byte[] message, BodyFile? file,
        bool isPersistent)
    {
        if (!batches.TryGetValue(shard, out var batch))
            batches.Add(shard, batch = PostBatch.Rent(null));
        message.CopyTo(batch.AddMessage(message.Length));
        if (file is not null)
            batch.AddBody(file);
        var isFirst = true;
        foreach (var queue in queues)
        {
            if (!ReferenceEquals(queue.Shard, shard))
                continue;
            batch.AddTarget(queue, message.Length, isPersistent, isFirst);
            isFirst = false;
        }

        if (batch.MessageBytes < BatchBytesMax)
            return;
        batches.Remove(shard);
        shard.Post(batch);
    }
}
