using System.Diagnostics;
using Xunit;

namespace Levada.Tests.Simulation;

/// <summary>Shards, channels and the catalog together, under orders that a seed decides.</summary>
public sealed class SimulationTests
{
    private const int ShrinkTries = 12;
    private const int RunsPerCollection = 16;

    /// <summary>Seeds that once failed, and a few more.</summary>
    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20), 617, 3_875, 13_619];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Invariants_hold(int seed) => Check(seed);

    /// <summary>Other seeds every time, for so long: LEVADA_SIM_SECONDS, from LEVADA_SIM_SEED if it is set.</summary>
    [Fact]
    public void Invariants_hold_under_any_seed()
    {
        var isSet = int.TryParse(Environment.GetEnvironmentVariable("LEVADA_SIM_SECONDS"), out var seconds);
        Assert.SkipUnless(isSet, "explores only when LEVADA_SIM_SECONDS says for how long");
        var started = Stopwatch.GetTimestamp();
        var first = Environment.GetEnvironmentVariable("LEVADA_SIM_SEED") is { } text
            ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture)
            : Random.Shared.Next();
        var runs = 0;
        for (; Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(seconds); runs++)
        {
            Check(first + runs);

            // Worlds are many and full of large arrays: left alone, the collector lets a gigabyte of dead ones stand.
            if (runs % RunsPerCollection == 0)
                GC.Collect();
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{runs} seeds from {first}");
    }

    private static void Check(int seed)
    {
        if (Run(new World(seed)) is not { } failure)
            return;
        var steps = Shrink(seed, failure.Invariant);
        var told = new World(seed, isTold: true, steps);
        var again = Run(told);
        var what = again?.ToString() ?? $"not the second time: {failure}";
        Assert.Fail($"seed {seed}, {steps} steps: {what}\n{told.Log}");
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
