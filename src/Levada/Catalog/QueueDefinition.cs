using Levada.Protocol;

namespace Levada.Catalog;

/// <summary>What queue.declare asks for.</summary>
/// <param name="Name">Not empty.</param>
/// <param name="Durable">The bit as it came; an exclusive queue is transient whatever it says.</param>
/// <param name="Exclusive">For the owner alone.</param>
/// <param name="AutoDelete">Goes with its last consumer.</param>
/// <param name="Arguments">Checked; unknown ones are kept.</param>
/// <param name="Owner">The connection that declares; kept with an exclusive queue only.</param>
public sealed record QueueDefinition(
    string Name, bool Durable, bool Exclusive, bool AutoDelete, FieldTable Arguments, object? Owner);
