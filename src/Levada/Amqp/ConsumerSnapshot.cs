using Levada.Protocol;
using Levada.Queues;

namespace Levada.Amqp;

/// <summary>A consumer of a channel.</summary>
/// <param name="IsServed">Not one that waits until the single active consumer goes.</param>
public sealed record ConsumerSnapshot(
    string Tag, string Queue, bool NoAck, bool Exclusive, int Prefetch, int Priority, FieldTable Arguments,
    bool IsServed)
{
    internal static ConsumerSnapshot Of(Consumer c) =>
        new(c.Tag, c.Queue.Name, c.NoAck, c.Exclusive, c.Prefetch, c.Priority, c.Arguments,
            !c.Queue.SingleActiveConsumer || c.Queue.State.Consumers.Active == c);
}
