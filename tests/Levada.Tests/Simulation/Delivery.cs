namespace Levada.Tests.Simulation;

/// <summary>A message that a simulated channel holds.</summary>
internal sealed class Delivery
{
    public required Message Message { get; init; }

    public required string Queue { get; init; }

    public required ulong Tag { get; init; }

    /// <summary>Null for basic.get.</summary>
    public required SimulatedConsumer? Consumer { get; init; }

    /// <summary>
    /// Read while a settle of all, or a recover, was on its way: whether that covers it is not known, so it is not
    /// settled by its tag.
    /// </summary>
    public required bool IsUncertain { get; init; }

    /// <summary>Settled in a transaction that is open.</summary>
    public bool IsReserved { get; set; }
}
