using Levada.Accounting;

namespace Levada.Queues;

/// <summary>The memory of a queue, its messages' bytes left out: they are the store's.</summary>
internal sealed partial class QueueState
{
    /// <summary>Adds what it holds. On the shard's turn.</summary>
    public void AddTo(ShardMemory memory)
    {
        memory.Queues += ObjectSize.Of<Queue>() + ObjectSize.Of<DeliveryCounters>() + ObjectSize.Of<QueueState>()
            + Sizes.Ring + (Consumers.Count * sizeof(long)) + ObjectSize.String(Queue.Name)
            + ObjectSize.Array<byte>(Queue.Name.Length) + ObjectSize.Nodes(2)
            + (4 * Queue.Arguments.EncodedLength) + (_known?.HeldBytes ?? 0);
        memory.Index += _delays?.HeldBytes ?? 0;
        foreach (var messages in Messages.All)
            messages.AddTo(memory);
    }

    private static class Sizes
    {
        public static readonly long Ring = ObjectSize.OfAll(static () => new ConsumerRing(singleActive: false));
    }
}
