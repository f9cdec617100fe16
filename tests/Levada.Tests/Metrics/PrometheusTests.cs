using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Levada.Tests.Clients;
using Levada.Tests.Host;
using Levada.Tests.Rules;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Metrics;

/// <summary>A real Prometheus with the configuration and the rules of contrib/.</summary>
public sealed class PrometheusTests
{
    private static string Contrib => Path.Combine(SourceTree.Root, "contrib", "prometheus");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [LevadaFact]
    public async Task It_scrapes_all_there_is_without_an_error()
    {
        using var data = new TempFolder();
        using var folder = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(data.Path);
        using var connection = RawConnection.Open(broker.Amqp);
        connection.OpenChannel(1);
        connection.Fill(connection.NewQueue(1), "one");
        var port = FreePort();
        await WriteConfigurationAsync(folder.Path, broker.Metrics);
        using var prometheus = Process.Start(new ProcessStartInfo(
            Prerequisites.Prometheus,
            [
                $"--config.file={folder.Path}/prometheus.yml", $"--storage.tsdb.path={folder.Path}/data",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ]))!;
        try
        {
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            var targets = await UntilScrapedAsync(http);
            Assert.Equal(3, targets.Length);
            Assert.All(targets, static t => Assert.Equal(
                ("up", ""), (t.GetProperty("health").GetString(), t.GetProperty("lastError").GetString())));
            Assert.Equal("1", await QueryAsync(http, "sum(rabbitmq_queue_messages_ready{job=\"levada\"})"));
            Assert.Equal("1", await QueryAsync(http, "sum(rabbitmq_detailed_queue_messages_ready)"));
            Assert.Equal("1", await QueryAsync(http, "count(rabbitmq_channel_consumers{job=\"objects\"})"));
            var rules = JsonDocument.Parse(await http.GetStringAsync("/api/v1/rules", Stop)).RootElement
                .GetProperty("data").GetProperty("groups")[0].GetProperty("rules");
            Assert.True(rules.GetArrayLength() > 10);
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync(CancellationToken.None);
        }
    }

    [LevadaTheory]
    [InlineData("/metrics")]
    [InlineData("/metrics/per-object")]
    [InlineData("/metrics/detailed?family=connection_metrics&family=channel_metrics&family=queue_metrics")]
    [InlineData("/metrics?prefix=lavinmq")]
    public async Task Promtool_has_nothing_to_say_of_the_answers(string path)
    {
        using var data = new TempFolder();
        await using var broker = await BrokerProcess.StartAsync(data.Path);
        using var connection = RawConnection.Open(broker.Amqp);
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri($"http://{broker.Metrics}{path}"), Stop);
        using var promtool = Process.Start(new ProcessStartInfo(Prerequisites.Promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        await promtool.StandardInput.WriteAsync(text);
        promtool.StandardInput.Close();
        var said = await promtool.StandardError.ReadToEndAsync(Stop)
            + await promtool.StandardOutput.ReadToEndAsync(Stop);
        await promtool.WaitForExitAsync(Stop);
        Assert.Equal(("", 0), (said, promtool.ExitCode));
    }

    [Fact]
    public async Task Promtool_takes_rules_and_configuration_and_the_rules_do_what_their_tests_say()
    {
        await ClientProcess.Run(Prerequisites.Promtool, "check", "rules", Path.Combine(Contrib, "levada-alerts.yml"));
        await ClientProcess.Run(
            Prerequisites.Promtool, "test", "rules", Path.Combine(Contrib, "levada-alerts.test.yml"));
        await ClientProcess.Run(Prerequisites.Promtool, "check", "config", Path.Combine(Contrib, "prometheus.yml"));
    }

    // What is in contrib/, on this broker's port, more often, and each object as well.
    private static async Task WriteConfigurationAsync(string folder, IPEndPoint metrics)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Contrib, "prometheus.yml"), Stop);
        text = text.Replace("127.0.0.1:15692", metrics.ToString(), StringComparison.Ordinal)
            .Replace("15s", "5s", StringComparison.Ordinal).Replace("60s", "5s", StringComparison.Ordinal);
        text += $"""

              - job_name: objects
                metrics_path: /metrics/per-object
                static_configs:
                  - targets: ["{metrics}"]
            """;
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), text, Stop);
        File.Copy(Path.Combine(Contrib, "levada-alerts.yml"), Path.Combine(folder, "levada-alerts.yml"));
    }

    // All targets are up; a busy machine may need several attempts. Else what came of it at last.
    private static async Task<JsonElement[]> UntilScrapedAsync(HttpClient http)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var last = Array.Empty<JsonElement>();
        while (!patience.IsCancellationRequested)
        {
            try
            {
                var answer = JsonDocument.Parse(await http.GetStringAsync("/api/v1/targets", patience.Token));
                last = [.. answer.RootElement.GetProperty("data").GetProperty("activeTargets").EnumerateArray()];
                if (last.Length > 0 && last.All(static t => t.GetProperty("health").GetString() == "up"))
                    return last;
            }
            catch (HttpRequestException)
            {
                // It is not up yet.
            }
            await Task.Delay(100, Stop);
        }
        return last;
    }

    private static async Task<string?> QueryAsync(HttpClient http, string query)
    {
        var answer = JsonDocument.Parse(
            await http.GetStringAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}", Stop));
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return result.GetArrayLength() == 0 ? null : result[0].GetProperty("value")[1].GetString();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
