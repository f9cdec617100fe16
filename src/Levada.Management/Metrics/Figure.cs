namespace Levada.Management.Metrics;

/// <summary>One family: what it is called, for people and for Prometheus, and where its value comes from.</summary>
/// <param name="Name">A counter's ends with _total; others are gauges.</param>
/// <param name="Help">For people.</param>
/// <param name="Of">The value.</param>
internal sealed record Figure<T>(string Name, string Help, Func<T, double> Of);
