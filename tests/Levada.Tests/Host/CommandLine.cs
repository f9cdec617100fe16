using System.Diagnostics;
using Xunit;

namespace Levada.Tests.Host;

/// <summary>Runs <c>levada</c> as a process of its own, against one broker.</summary>
/// <param name="variable">Which variable tells it where the broker is.</param>
/// <param name="place">Where that is.</param>
internal sealed class CommandLine(string variable, string place)
{
    public static CommandLine Over(BrokerProcess broker) =>
        new("LEVADA_API_URI", $"http://guest:guest@{broker.Http}");

    /// <summary>By the control socket.</summary>
    public static CommandLine Beside(string dataFolder) =>
        new("LEVADA_CONTROL_UNIX_PATH", Path.Combine(dataFolder, "control.sock"));

    /// <summary>Exit code 0.</summary>
    public async Task DoneAsync(params string[] command)
    {
        var (code, output, error) = await RunAsync(command);
        Assert.True(code == 0, $"{string.Join(' ', command)}: {code}\n{output}\n{error}");
    }

    /// <summary>Exit code 0, and what it says.</summary>
    public async Task<string[]> LinesAsync(params string[] command)
    {
        var (code, output, error) = await RunAsync(command);
        Assert.True(code == 0, error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>An exit code that is not 0, and why.</summary>
    public async Task<string> RefusedAsync(int exitCode, params string[] command)
    {
        var (code, output, error) = await RunAsync(command);
        Assert.True(code == exitCode, $"{string.Join(' ', command)}: {code}\n{output}\n{error}");
        return error;
    }

    public async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command)
    {
        using var process = Start(command);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, error);
    }

    /// <summary>One that goes on; the caller ends it.</summary>
    public Process Start(params string[] command) => Process.Start(new ProcessStartInfo(
        BrokerProcess.Executable, command)
    {
        RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        Environment = { [variable] = place },
    })!;
}
