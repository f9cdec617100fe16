using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text.Json;
using Levada.Tests.Host;
using Xunit;

namespace Levada.Tests.Configuration;

/// <summary>A running broker told anew, by SIGHUP, over HTTP and from the command line.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ReloadTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string ConfigFile => Path.Combine(_folder.Path, "levada.conf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Live_keys_change_others_wait_for_a_restart_and_both_are_said()
    {
        await using var broker = await StartAsync("connection_max = 10\nshards = 1\n");
        using var http = Open();
        await WriteAsync("connection_max = 1\nshards = 2\nmqtt.port = 1\n");
        using var response = await http.PutAsync("/api/config/reload", null, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var report = JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop));
        var changed = Assert.Single(report.GetProperty("changed").EnumerateArray());
        Assert.Equal("connection_max", changed.GetProperty("key").GetString());
        Assert.Equal(("10", "1"), (changed.GetProperty("from").GetString(), changed.GetProperty("to").GetString()));
        Assert.Equal($"{ConfigFile}:1", changed.GetProperty("source").GetString());
        var later = Assert.Single(report.GetProperty("need_restart").EnumerateArray());
        Assert.Equal("shards", later.GetProperty("key").GetString());
        Assert.Contains(
            "mqtt.port", Assert.Single(report.GetProperty("warnings").EnumerateArray()).GetString(),
            StringComparison.Ordinal);

        // It is in force: a second connection is refused.
        using var first = RawConnection.Open(broker.Amqp);
        Assert.ThrowsAny<Exception>(() => RawConnection.Open(broker.Amqp).Dispose());

        var rows = await RowsAsync(http);
        Assert.Equal("1", rows["connection_max"].GetProperty("value").GetString());
        Assert.Equal("1", rows["shards"].GetProperty("value").GetString());
        Assert.Equal("2", rows["shards"].GetProperty("after_restart").GetString());
        Assert.Contains(broker.Log, l => l.Contains("connection_max = 1 now, was 10", StringComparison.Ordinal));
        Assert.Contains(broker.Log, l => l.Contains("shards = 2 needs a restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Anything_wrong_changes_nothing()
    {
        await using var broker = await StartAsync("connection_max = 10\n");
        using var http = Open();
        await WriteAsync("connection_max = 1\nheartbaet = 5\n");
        using var response = await http.PostAsync("/api/config/reload", null, Stop);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(
            $"{ConfigFile}:2: there is no key 'heartbaet'; did you mean 'heartbeat'?",
            JsonElement.Parse(await response.Content.ReadAsStringAsync(Stop)).GetProperty("reason").GetString(),
            StringComparison.Ordinal);
        Assert.Equal("10", (await RowsAsync(http))["connection_max"].GetProperty("value").GetString());
    }

    [Fact]
    public async Task SIGHUP_reloads()
    {
        await using var broker = await StartAsync("connection_max = 10\n");
        using var http = Open();
        await WriteAsync("connection_max = 7\n");
        broker.Signal(PosixSignal.SIGHUP);
        await broker.WaitForLogAsync("configuration and certificates reloaded: 1 changes, 0 need a restart");
        Assert.Equal("7", (await RowsAsync(http))["connection_max"].GetProperty("value").GetString());
    }

    [Fact]
    public async Task Command_line_checks_shows_and_reloads()
    {
        await using var broker = await StartAsync("connection_max = 10\n");
        var (code, output) = await RunAsync("config", "check", ConfigFile);
        Assert.Equal((0, "1 settings, all can be used\n"), (code, output));

        (code, output) = await RunAsync("config", "show", "--config", ConfigFile, "--formatter", "json");
        Assert.Equal(0, code);
        var row = JsonElement.Parse(output).EnumerateArray()
            .Single(r => r.GetProperty("key").GetString() == "connection_max");
        Assert.Equal($"{ConfigFile}:1", row.GetProperty("source").GetString());

        await WriteAsync("connection_max = 3\n");
        string[] at = ["--port", $"{broker.Http.Port}", "-H", "127.0.0.1", "-q"];
        (code, output) = await RunAsync(["config", "reload", .. at]);
        Assert.Equal(0, code);
        Assert.Contains($"connection_max\t10\t3\t{ConfigFile}:1\tfalse", output, StringComparison.Ordinal);
        (code, output) = await RunAsync(["config", "show", "--running", .. at]);
        Assert.Equal(0, code);
        Assert.Contains($"connection_max\t3\t{ConfigFile}:1\ttrue", output, StringComparison.Ordinal);

        await WriteAsync("connection_max = many\n");
        (code, _) = await RunAsync("config", "check", ConfigFile);
        Assert.Equal(2, code);
    }

    private async Task<BrokerProcess> StartAsync(string text)
    {
        await WriteAsync(text);
        return await BrokerProcess.StartAsync(Path.Combine(_folder.Path, "data"), "--config", ConfigFile);
    }

    private static async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(BrokerProcess.Executable, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync(Stop);
        var output = await process.StandardOutput.ReadToEndAsync(Stop);
        await process.WaitForExitAsync(Stop);
        await errors;
        return (process.ExitCode, output);
    }

    private Task WriteAsync(string text) => File.WriteAllTextAsync(ConfigFile, text, Stop);

    private static async Task<Dictionary<string, JsonElement>> RowsAsync(HttpClient http) =>
        JsonElement.Parse(await http.GetStringAsync("/api/config/effective", Stop)).EnumerateArray()
            .ToDictionary(static r => r.GetProperty("key").GetString()!);

    private HttpClient Open() => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellationToken) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            var path = Path.Combine(_folder.Path, "data", "control.sock");
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://localhost") };
}
