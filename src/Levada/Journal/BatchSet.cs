using Levada.Queues;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// Messages for queues of several shards, gathered to one batch each: what somebody publishes who is no client. Owned
/// by one thread.
/// </summary>
/// <param name="publisher">Gets the credit back of what was posted; may be null.</param>
internal sealed class BatchSet(IPublisher? publisher)
{
    private const int BatchBytesMax = 1 << 20;

    private readonly Dictionary<Shard, PostBatch> _batches = [];

    /// <summary>Adds a message for its queues; one copy a shard. What is a large batch by then is posted.</summary>
    /// <param name="message">The stored layout.</param>
    /// <param name="persistent">It has delivery mode 2.</param>
    /// <param name="queues">Each once; may be none.</param>
    /// <param name="body">The file that the body is, if it is one.</param>
    /// <returns>Bytes of all copies: the credit that will come back.</returns>
    public int Add(ReadOnlySpan<byte> message, bool persistent, ReadOnlySpan<Queue> queues, BodyFile? body)
    {
        var bytes = 0;
        var done = 0UL;
        for (var i = 0; i < queues.Length; i++)
        {
            var shard = queues[i].Shard;
            var bit = 1UL << shard.Id.Value;
            if ((done & bit) != 0)
                continue;
            done |= bit;
            bytes += message.Length;
            AddTo(shard, message, persistent, queues[i..], body);
        }

        return bytes;
    }

    /// <summary>Posts all that is left.</summary>
    public void Post()
    {
        foreach (var (shard, batch) in _batches)
            shard.Post(batch);
        _batches.Clear();
    }

    private void AddTo(
        Shard shard, ReadOnlySpan<byte> message, bool persistent, ReadOnlySpan<Queue> queues, BodyFile? body)
    {
        if (!_batches.TryGetValue(shard, out var batch))
            _batches.Add(shard, batch = PostBatch.Rent(publisher));
        message.CopyTo(batch.AddMessage(message.Length));
        if (body is not null)
            batch.AddBody(body);
        var isFirst = true;
        foreach (var queue in queues)
        {
            if (!ReferenceEquals(queue.Shard, shard))
                continue;
            batch.AddTarget(queue, message.Length, persistent, isFirst);
            isFirst = false;
        }

        if (batch.MessageBytes < BatchBytesMax)
            return;
        _batches.Remove(shard);
        shard.Post(batch);
    }
}
