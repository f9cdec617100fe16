using System.Globalization;
using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Soak;

/// <summary>
/// The broker as a process among bad clients on a bad network, killed now and then: what was confirmed arrives, nothing
/// is left of whoever went, nobody who behaves is cut off or warned of.
/// </summary>
public sealed class SoakTests
{
    /// <summary>By so much memory the broker may be larger after than fresh: compiled code and warm pools.</summary>
    internal const long MegabytesMore = 250;

    /// <summary>By so many descriptors: files of journals and segments, what the log and HTTP keep.</summary>
    internal const int DescriptorsMore = 12;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(10);

    /// <summary>For LEVADA_SOAK_MINUTES, from LEVADA_SOAK_SEED; a few seconds from any seed without them.</summary>
    [Fact]
    public async Task Everything_is_accounted_for_after_kills_faults_and_alarms()
    {
        var time = Variable("LEVADA_SOAK_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : Short;
        var seed = (int)(Variable("LEVADA_SOAK_SEED") ?? Random.Shared.Next());
        Tell($"soak of {time}, LEVADA_SOAK_SEED={seed}");
        using var folder = new TempFolder();
        using var ballast = new DiskBallast(folder.Path);
        using var findings = new Findings();
        var counts = new SoakCounts();
        var tail = "";
        await using (var broker = await SoakBroker.StartAsync(
            Path.Combine(folder.Path, "data"), Settings(ballast), findings))
        {
            await using var proxy = new FaultyProxy(
                () => broker.Amqp, TimeSpan.FromSeconds(3) + (time / 180), seed, counts);
            var setting = new SoakSetting(broker, proxy, findings, counts, seed);
            await new SoakRun(setting, ballast, time, Tell).RunAsync();
            tail = string.Join('\n', broker.LogTail(60));
        }
        if (findings.All.Count > 0)
        {
            Assert.Fail($"seed {seed}: {findings.All.Count} findings\n{string.Join('\n', findings.All)}\n{counts}\n"
                + $"the broker's last lines:\n{tail}");
        }
    }

    // Warnings come after a tenth of the usual times, so that a soak of minutes can find a false one.
    private static Dictionary<string, string> Settings(DiskBallast ballast) => new()
    {
        ["LEVADA_DISK_FREE_LIMIT_ABSOLUTE"] = ballast.Limit.ToString(CultureInfo.InvariantCulture),
        ["LEVADA_HANDSHAKE_TIMEOUT"] = HostileClients.HandshakeTimeout.ToString(CultureInfo.InvariantCulture),
        ["LEVADA_WARNING_INTERVAL"] = "1000",
        ["LEVADA_WARNING_CHANNEL_LEAK_TIME"] = "60000",
        ["LEVADA_WARNING_IDLE_CHANNELS_TIME"] = "60000",
        ["LEVADA_WARNING_CHURN_TIME"] = "6000",
        ["LEVADA_WARNING_NO_ACK_TIME"] = "180000",
        ["LEVADA_WARNING_UNACKED_GROWTH_TIME"] = "60000",
        ["LEVADA_WARNING_BLOCKED_TIME"] = "1000",
    };

    private static double? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Tell(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
