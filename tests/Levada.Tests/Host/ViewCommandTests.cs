using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Levada.Tests.Rules;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>What people look at: lists once and live, top, trace; in a terminal and through a pipe.</summary>
public sealed class ViewCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private BrokerProcess _broker = null!;
    private RawConnection _client = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(_folder.Path);
        _client = RawConnection.Open(_broker.Amqp);
        _client.OpenChannel(1);
        _client.OpenChannel(2);
        _client.DeclareQueue(1, "q");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Through_a_pipe_columns_are_separated_by_tabs()
    {
        var lines = await LinesAsync("channels", "--sort", "channel", "--columns", "channel,user,unacked");
        Assert.Equal(
            ["channel\tuser\tunacked", $"{_client.Name} (1)\tguest\t0", $"{_client.Name} (2)\tguest\t0"], lines);
        Assert.Equal(
            [$"{_client.Name} (2)"],
            await LinesAsync(
                "channels", "-s", "--sort", "channel", "--reverse", "--limit", "1", "--columns", "channel"));
        Assert.Equal(["q"], await LinesAsync("queues", "-s", "--filter", "queue~^q$", "--columns", "queue"));
        Assert.Empty(await LinesAsync("queues", "-s", "--filter", "ready>0"));
        var json = JsonElement.Parse(string.Concat(await LinesAsync("connections", "--formatter", "json")));
        Assert.Equal(2, Assert.Single(json.EnumerateArray()).GetProperty("channels").GetInt32());
        Assert.Equal(64, (await RunAsync("channels", "--sort", "sideways")).ExitCode);
        Assert.Equal(64, (await RunAsync("top")).ExitCode);
    }

    [Fact]
    public async Task A_terminal_gets_a_table_that_fits()
    {
        var shown = (await InTerminal.RunAsync(24, 60, [], Command("channels"), Variables)).Complete();
        Assert.Equal(0, shown.ExitCode);
        var lines = Plain(shown.Output);
        Assert.All(lines, static line => Assert.True(line.Length <= 60, line));
        Assert.Contains(
            lines, line => line.Contains(_client.Name[..20], StringComparison.Ordinal) && line.Contains('…'));
        var wide = Plain((await InTerminal.RunAsync(24, 60, [], Command("channels", "--wide"), Variables)).Output);
        Assert.Contains(wide, line => line.Contains($" {_client.Name} (1) ", StringComparison.Ordinal));
        var colourless = await InTerminal.RunAsync(
            24, 80, [Expect("channels:"), Send("q")], Command("channels", "--watch"),
            [.. Variables, ("NO_COLOR", "1")]);
        Assert.DoesNotContain("\e[38;", colourless.Complete().Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(15, 143)]
    public async Task Watching_leaves_the_terminal_as_it_was(int signal, int exitCode)
    {
        var shown = (await InTerminal.RunAsync(
            24, 100,
            [
                Expect("channels: 2 of 2"), Expect("channels: 2 of 2"), new JsonArray("resize", 20, 60),
                Expect("channels: 2 of 2"), new JsonArray("signal", signal),
            ],
            Command("channels", "--watch", "0.2"), Variables)).Complete();
        Assert.Equal(exitCode, shown.ExitCode);
        Assert.True(shown.IsRestored);
        Assert.Contains("\e[?1049h", shown.Output, StringComparison.Ordinal);
        Assert.EndsWith("\e[?25h\e[?1049l", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Top_sorts_switches_filters_pauses_and_quits_by_keys()
    {
        var shown = (await InTerminal.RunAsync(
            24, 100,
            [
                Expect("channels: 2 of 2"), Expect("by unacked"), Send("s"), Expect("by prefetch"), Send("S"),
                Expect("by unacked"), Send("1"), Expect("connections: 1 of 1"), Send("3"), Expect("queues: 1 of 1"),
                Send("/none\r"), Expect("queues: 0 of 0"), Send("2"), Send("/\u001b"), Expect("channels: 2 of 2"),
                Send("p"), Expect("paused"), new JsonArray("resize", 16, 60), Expect("paused"), Send("q"),
            ],
            Command("top"), Variables)).Complete();
        Assert.Equal(0, shown.ExitCode);
        Assert.True(shown.IsRestored);
        Assert.EndsWith("\e[?25h\e[?1049l", shown.Output, StringComparison.Ordinal);
        var last = Plain(shown.Output.Split("\e[H")[^1]);
        Assert.True(last.Length <= 17, $"{last.Length} lines");
        Assert.All(last, static line => Assert.True(line.Length <= 60, line));
    }

    [Fact]
    public async Task Trace_follows_a_channel_until_it_is_told_to_end()
    {
        var start = Start("trace", $"{_client.Name} (1)");
        using var process = Process.Start(start)!;
        Assert.Equal("Tracing " + _client.Name + " (1) ...", await LineAsync(process));
        _client.DeclareQueue(1, "traced");
        Assert.Contains("queue.declare queue=\"traced\"", await LineAsync(process), StringComparison.Ordinal);
        Assert.Contains("queue.declare-ok", await LineAsync(process), StringComparison.Ordinal);
        BrokerProcess.Terminate(process.Id);
        await process.WaitForExitAsync(Token);
        Assert.Equal(0, process.ExitCode);
        // It leaves nothing behind.
        var again = await RunAsync("trace", "none (1)");
        Assert.Equal(69, again.ExitCode);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private (string, string)[] Variables => [("LEVADA_API_URI", $"http://guest:guest@{_broker.Http}")];

    private static JsonArray Send(string keys) => ["send", keys];

    private static JsonArray Expect(string text) => ["expect", text];

    private static string[] Command(params string[] arguments) => [BrokerProcess.Executable, .. arguments];

    private static async Task<string?> LineAsync(Process process) =>
        await process.StandardOutput.ReadLineAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Token);

    // Lines without escape sequences.
    private static string[] Plain(string output) =>
    [
        .. System.Text.RegularExpressions.Regex.Replace(output, @"\e\[[?0-9;]*[a-zA-Z]|\e[=>]", "")
            .Replace("\r", "", StringComparison.Ordinal).Split('\n'),
    ];

    private async Task<string[]> LinesAsync(params string[] arguments)
    {
        var (code, output, error) = await RunAsync(arguments);
        Assert.True(code == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var process = Process.Start(Start(arguments))!;
        var output = process.StandardOutput.ReadToEndAsync(Token);
        var error = await process.StandardError.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, await output, error);
    }

    private ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(BrokerProcess.Executable, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return start;
    }
}
