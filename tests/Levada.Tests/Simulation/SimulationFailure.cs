namespace Levada.Tests.Simulation;

/// <summary>An invariant does not hold.</summary>
internal sealed class SimulationFailure(Invariant invariant, string what, Exception? cause = null)
    : Exception($"{invariant}: {what}", cause)
{
    public Invariant Invariant { get; } = invariant;
}
