using Levada.Protocol;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>What queue.declare asks for.</summary>
/// <param name="Name">Not empty.</param>
/// <param name="Durable">The bit as it came; an exclusive queue is transient whatever it says.</param>
/// <param name="Exclusive">For the owner alone.</param>
/// <param name="AutoDelete">Goes with its last consumer.</param>
/// <param name="Arguments">Checked; unknown ones are kept.</param>
/// <param name="Type">What its arguments say; if nothing, what such a queue is in its virtual host.</param>
/// <param name="Owner">The connection that declares; kept with an exclusive queue only.</param>
public sealed record QueueDefinition(
    string Name, bool Durable, bool Exclusive, bool AutoDelete, FieldTable Arguments, QueueType? Type,
    object? Owner);
