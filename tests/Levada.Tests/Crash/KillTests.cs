using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Crash;

/// <summary>
/// SIGKILL in the middle of confirmed publishing, again and again on the same files. It keeps the page cache, so it
/// says nothing about missing fsyncs: that is for the simulated disk.
/// </summary>
public sealed class KillTests
{
    private const int Rounds = 6;

    [Fact]
    public async Task Everything_confirmed_survives_kill_9_once_and_in_order()
    {
        using var folder = new TempFolder();
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("LEVADA_CRASH_ROUNDS"),
            out var more) ? more : Rounds;
        var broker = await BrokerProcess.StartAsync(folder.Path);
        try
        {
            var next = 0L;
            for (var round = 0; round < rounds; round++)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}, round {round}, first number {next}");
                using var life = new CrashRound(["crash-consumed", "crash-kept"], next);
                await life.RunUntilKilledAsync(broker, random.Next(200, 6000));
                await broker.DisposeAsync();
                broker = await BrokerProcess.StartAsync(folder.Path);
                await life.CheckSurvivorsAsync(broker);
                next = life.NextNumber;
            }
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }
}
