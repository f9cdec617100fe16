using Levada.Bench.InMemory;

namespace Levada.Bench.Amqp;

/// <summary>A row of <see cref="PathBenchmarks"/>.</summary>
internal sealed record PathScenario(string Name, TrafficOptions Options)
{
    public override string ToString() => Name;
}
