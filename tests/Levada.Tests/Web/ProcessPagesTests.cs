using System.Diagnostics;
using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Web;

/// <summary>What only a broker shows that is a process of its own.</summary>
public sealed class ProcessPagesTests(Browser browser)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("followsTheLog")]
    [InlineData("outlivesItsBroker")]
    public async Task Reader(string scenario)
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        await browser.ReadsAsync(scenario, $"http://{broker.Http}", Amqp(broker));
    }

    [Theory]
    [InlineData("outlivesARestart")]
    public async Task Reader_of_a_broker_that_is_killed_and_started_anew(string scenario)
    {
        using var folder = new TempFolder();
        var broker = await BrokerProcess.StartAsync(folder.Path);
        try
        {
            var reading = browser.ReadsAsync(scenario, $"http://{broker.Http}", Amqp(broker));
            await Task.WhenAny(broker.WaitForLogAsync("kill", Browser.Patience), reading);
            string[] ports = ["--amqp-port", $"{broker.Amqp.Port}", "--http-port", $"{broker.Http.Port}"];
            await broker.KillAsync();
            await broker.DisposeAsync();
            broker = await BrokerProcess.StartAsync(folder.Path, ports);
            await reading;
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("findsOneOfTenThousand")]
    public async Task Reader_among_ten_thousand_connections(string scenario)
    {
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(folder.Path);
        // Each is a descriptor of the broker's and one of the crowd's. Both raise their limit as far as they may.
        using var crowd = Process.Start(new ProcessStartInfo(
            BrokerProcess.Executable, ["perf", "connection-count", "-x", "9999", "--uri", Amqp(broker)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        try
        {
            var last = "";
            while (!last.StartsWith("9999 connections, 9999 channels", StringComparison.Ordinal))
            {
                last = await crowd.StandardOutput.ReadLineAsync(Token)
                    ?? throw new InvalidOperationException(
                        "10,000 connections need 10,000 descriptors and some more (ulimit -Hn): "
                        + await crowd.StandardError.ReadToEndAsync(Token));
            }
            await browser.ReadsAsync(scenario, $"http://{broker.Http}", Amqp(broker));
        }
        finally
        {
            crowd.Kill();
            await crowd.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string Amqp(BrokerProcess broker) => $"amqp://guest:guest@{broker.Amqp}/%2F";
}
