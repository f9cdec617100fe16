namespace Levada.Tests.Simulation;

/// <summary>Every decision of one simulation, in the order it is asked for: the same seed decides the same.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    /// <summary>From the first to the last, both possible.</summary>
    public int Between(int first, int last) => _random.Next(first, last + 1);

    public bool Chance(int percent) => _random.Next(100) < percent;

    public T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];

    /// <summary>An index, each as likely as its weight says.</summary>
    public int Weighted(ReadOnlySpan<int> weights)
    {
        var sum = 0;
        foreach (var weight in weights)
            sum += weight;
        var at = _random.Next(sum);
        for (var i = 0; ; i++)
        {
            at -= weights[i];
            if (at < 0)
                return i;
        }
    }
}
