using Levada.Queues;

namespace Levada.Catalog;

// Queues whose deliveries an operator has stopped.
public sealed partial class CatalogStore
{
    /// <summary>
    /// Stops a queue's deliveries or lets them go on; of a durable queue for as long as it lives, over restarts.
    /// <paramref name="done"/> hears whether that changed anything; nothing if it is gone already.
    /// </summary>
    public void PauseQueue(VHost vhost, Queue queue, bool isPaused, Action<bool> done)
    {
        Make(change =>
        {
            var changes = Topology.IsCurrent(vhost, queue) && queue.IsNewestPaused != isPaused;
            if (changes)
            {
                queue.IsNewestPaused = isPaused;
                if (queue.Durable)
                    change.Record.PauseQueue(queue, isPaused);
                change.Show(() => queue.IsPaused = isPaused);
            }

            change.Done = () =>
            {
                // Served again: what waited meanwhile goes out.
                queue.Shard.Post(new TouchCommand(queue.State));
                done(changes);
            };
        });
    }

    private string? ReplayPausedQueue(ref RecordReader from)
    {
        var vhost = _newestVHosts.GetValueOrDefault(from.Text());
        var name = from.Text();
        var id = new QueueId(from.U64());
        var isPaused = from.Bool();
        if (!from.Failed && vhost is not null && vhost.NewestQueues.TryGet(Utf8(name), out var queue) && queue.Id == id)
            queue.IsPaused = queue.IsNewestPaused = isPaused;
        return null;
    }
}
