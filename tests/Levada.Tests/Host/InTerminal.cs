using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Levada.Tests.Tidy;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>What a program showed in a terminal, and how it ended.</summary>
internal sealed record InTerminal(string Output, int ExitCode, bool IsRestored, string? Missed)
{
    /// <summary>
    /// Runs a program in a pseudo-terminal; steps are ["expect", TEXT], ["send", KEYS], ["resize", ROWS, COLUMNS] and
    /// ["signal", NUMBER].
    /// </summary>
    public static async Task<InTerminal> RunAsync(
        int rows, int columns, JsonArray steps, string[] command, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("/usr/bin/python3",
        [
            Path.Combine(SourceTree.Root, "tests", "terminal", "in_terminal.py"), $"{rows}", $"{columns}",
            steps.ToJsonString(), .. command,
        ])
        { RedirectStandardOutput = true };
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH") + ":/usr/bin:/bin";
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["LANG"] = "C.UTF-8";
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var answer = JsonElement.Parse(
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new InTerminal(
            answer.GetProperty("output").GetString()!, answer.GetProperty("exit").GetInt32(),
            answer.GetProperty("restored").GetBoolean(), answer.GetProperty("missed").GetString());
    }

    /// <summary>The steps all came to pass.</summary>
    public InTerminal Complete()
    {
        Assert.True(Missed is null, $"'{Missed}' was never shown in:\n{Output}");
        return this;
    }
}
