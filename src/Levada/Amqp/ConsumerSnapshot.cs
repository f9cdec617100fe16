using Levada.Protocol;

namespace Levada.Amqp;

/// <summary>A consumer of a channel.</summary>
public sealed record ConsumerSnapshot(
    string Tag, string Queue, bool NoAck, bool Exclusive, int Prefetch, int Priority, FieldTable Arguments);
