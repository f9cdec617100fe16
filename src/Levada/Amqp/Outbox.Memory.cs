using Levada.Accounting;

namespace Levada.Amqp;

/// <summary>The memory of an outbox.</summary>
internal sealed partial class Outbox
{
    /// <summary>Bytes of the buffers it has, full or not. From any thread.</summary>
    public long Held =>
        Volatile.Read(ref _pending).Length + (long)Volatile.Read(ref _sending).Length + Volatile.Read(ref _held);

    /// <summary>Of these, what lies in arrays so large that they have a heap of their own. From any thread.</summary>
    public long HeldInLargeArrays =>
        ObjectSize.Large(Volatile.Read(ref _pending).Length) + ObjectSize.Large(Volatile.Read(ref _sending).Length);

    /// <summary>The outbox itself, without its buffers.</summary>
    public static long OwnBytes => ObjectSize.Of<Outbox>() + ObjectSize.Of<List<object>>()
        + ObjectSize.Of<Queue<OutboxLane>>() + (3 * ObjectSize.Delegate) + ObjectSize.Of<Lock>();
}
