using System.Diagnostics;
using System.Text.Json.Nodes;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>What the shells complete, each by the real one; the man page; the help.</summary>
public sealed class ShellTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private BrokerProcess _broker = null!;

    private string Program => Path.Combine(_folder.Path, "levada");

    private (string, string)[] Variables =>
    [
        ("PATH", $"{_folder.Path}:/usr/bin:/bin"), ("HOME", _folder.Path), ("XDG_CONFIG_HOME", _folder.Path),
        ("LEVADA_API_URI", $"http://guest:guest@{_broker.Http}"), ("PS1", "$ "),
        ("LEVADA_COMPLETION_SECONDS", "30"),
    ];

    public async ValueTask InitializeAsync()
    {
        File.CreateSymbolicLink(Program, BrokerProcess.Executable);
        _broker = await BrokerProcess.StartAsync(Path.Combine(_folder.Path, "data"));
        using var client = new HttpClient { BaseAddress = new Uri($"http://{_broker.Http}") };
        client.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String("guest:guest"u8));
        foreach (var name in (string[])["orders", "two words -> here"])
        {
            using var made = await client.PutAsync(
                new Uri($"/api/queues/%2F/{Uri.EscapeDataString(name)}", UriKind.Relative),
                new StringContent("{}", null, "application/json"));
            made.EnsureSuccessStatusCode();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Bash_completes_commands_options_columns_and_names()
    {
        (await InTerminal.RunAsync(
            40, 100,
            [
                Send("source <(levada completion bash); echo READY-$((1+1))\n"), Expect("READY-2"),
                Send("levada list_chan\t"), Expect("nels "), Send("--sil\t"), Expect("ent "),
                Send("messages_unac\t"), Expect("knowledged "), Send("\u0015levada delete_queue ord\t"), Expect("ers "),
                // What bash itself splits at, and what must be escaped.
                Send("\u0015levada delete_queue two\t"), Expect("""\ words\ -\>\ here"""),
                Send("\u0015levada delete_queue two\\ words\\ -\\>\t"), Expect("""\ here"""),
                Send("\u0015levada list_users --formatter pr\t"), Expect("etty_table"),
                Send("\u0015exit\n"),
            ],
            ["bash", "--norc", "-i"], Variables)).Complete();
    }

    [Fact]
    public async Task Zsh_completes_commands_options_and_names()
    {
        (await InTerminal.RunAsync(
            40, 100,
            [
                Send("autoload -U compinit; compinit -u -D; source <(levada completion zsh); echo READY-$((1+1))\n"),
                Expect("READY-2"), Send("levada list_chan\t"), Expect("list_channels"),
                Send("\u0015levada list_users --formatter pr\t"), Expect("pretty_table"),
                Send("\u0015levada delete_queue two\t"), Expect("""two\ words\ -\>\ here"""),
                Send("\u0015exit\n"),
            ],
            ["zsh", "-f", "-i"], Variables)).Complete();
    }

    [Fact]
    public async Task Fish_completes_commands_options_and_names()
    {
        Assert.Contains("list_channels\tChannels", await FishAsync("levada list_ch"));
        Assert.Contains("two words -> here", await FishAsync("levada delete_queue "));
        Assert.Contains("--silent\tNor table headers.", await FishAsync("levada list_users --si"));
        Assert.Contains("messages_unacknowledged", await FishAsync("levada list_channels pid m"));
        Assert.Contains($"{_folder.Path}/data/", await FishAsync($"levada data list {_folder.Path}/da"));
    }

    [Fact]
    public async Task A_broker_that_is_not_there_only_lacks_names()
    {
        await _broker.KillAsync();
        Assert.Equal([""], await RunAsync(Program, "__complete", "words", "delete_queue", ""));
        Assert.Contains("delete_queue\tRemoves a queue", await RunAsync(Program, "__complete", "words", "delete_q"));
    }

    [Fact]
    public async Task The_man_page_is_what_the_help_says()
    {
        var made = string.Join('\n', await RunAsync(Program, "man"));
        var kept = Path.Combine(SourceTree.Root, "packaging", "levada.1");
        Assert.True(
            made == await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken),
            "packaging/levada.1 is old: bin/levada man > packaging/levada.1");
        var start = Start("man", "--warnings", "-E", "UTF-8", "-l", kept);
        start.Environment["MANWIDTH"] = "80";
        var (output, error) = await RunAsync(start);
        Assert.Equal("", error);
        Assert.Contains("list_channels [COLUMN...]", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_shows_every_command_in_a_line()
    {
        var lines = await RunAsync(Program, "--help");
        Assert.Contains("Connections and channels:", lines);
        Assert.All(lines, static line => Assert.True(line.Length <= 120, line));
        var help = string.Join('\n', await RunAsync(Program, "list_queues", "--help"));
        Assert.Contains("levada list_queues [<COLUMN>...] [options]", help, StringComparison.Ordinal);
        Assert.Contains("Example:\n  levada list_queues -p orders", help, StringComparison.Ordinal);
    }

    private static JsonArray Send(string keys) => ["send", keys];

    private static JsonArray Expect(string text) => ["expect", text];

    private Task<string[]> FishAsync(string line) =>
        RunAsync("fish", "-c", $"levada completion fish | source; complete -C '{line}'");

    private async Task<string[]> RunAsync(params string[] command)
    {
        var (output, _) = await RunAsync(Start(command));
        return output.Split('\n');
    }

    private ProcessStartInfo Start(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        return start;
    }

    private static async Task<(string Output, string Error)> RunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output, await error);
    }
}
