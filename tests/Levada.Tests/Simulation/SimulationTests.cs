using System.Diagnostics;
using Xunit;

namespace Levada.Tests.Simulation;

/// <summary>Shards, channels and the catalog together, under orders that a seed decides.</summary>
public sealed class SimulationTests
{
    private const int ShrinkTries = 12;

    /// <summary>Seeds that once failed, and a few more.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Invariants_hold(int seed) => Check(seed);

    /// <summary>Other seeds every time, for LEVADA_SIM_SECONDS (20).</summary>
    [Fact]
    public void Invariants_hold_under_any_seed()
    {
        var limit = TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable("LEVADA_SIM_SECONDS"), out var seconds) ? seconds : 20);
        var started = Stopwatch.GetTimestamp();
        var first = Environment.GetEnvironmentVariable("LEVADA_SIM_SEED") is { } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var runs = 0;
        for (; Stopwatch.GetElapsedTime(started) < limit; runs++)
            Check(first + runs);
        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} seeds from {first}");
    }

    private static void Check(int seed)
    {
        if (Run(new World(seed)) is not { } failure)
            return;
        var steps = Shrink(seed, failure.Invariant);
        var told = new World(seed, isTold: true, steps);
        var again = Run(told);
        Assert.Fail($"seed {seed}, {steps} steps: {again?.ToString() ?? $"not the second time: {failure}"}\n{told.Log}");
    }

    // As few steps as still break it: what comes after them is told no more.
    internal static int Shrink(int seed, Invariant invariant)
    {
        var (works, fails) = (0, World.StepsMax);
        for (var tries = 0; tries < ShrinkTries && fails - works > 1; tries++)
        {
            var middle = (works + fails) / 2;
            if (Run(new World(seed, isTold: false, middle))?.Invariant == invariant)
                fails = middle;
            else
                works = middle;
        }
        return fails;
    }

    internal static SimulationFailure? Run(World world)
    {
        // Continuations run where they are caused, not on the test's threads.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            world.Run();
            return null;
        }
        catch (SimulationFailure failure)
        {
            return failure;
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }
}
