using System.Diagnostics;
using System.Text;
using Xunit;

namespace Levada.Tests.Clients;

/// <summary>A client of another language, run as a process of its own; killed if the test leaves it running.</summary>
internal sealed class ClientProcess : IAsyncDisposable
{
    // Long enough for a loaded machine; a client that hangs fails its test instead of the whole run.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly StringBuilder _output = new();

    private ClientProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static ClientProcess Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>Runs to the end, which must be a success, and gives what was printed.</summary>
    public static async Task<string> Run(string program, params IEnumerable<string> arguments)
    {
        await using var client = Start(program, arguments);
        var (exitCode, output, errors) = await client.End();
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}: {errors}{output}");
        return output;
    }

    /// <summary>Reads one line and checks how it begins.</summary>
    public async Task Expect(string line)
    {
        using var patience = new CancellationTokenSource(Patience);
        var read = await _process.StandardOutput.ReadLineAsync(patience.Token);
        if (read is null) Assert.Fail($"the client ended before it said '{line}': {await _errors}");
        _output.AppendLine(read);
        Assert.StartsWith(line, read, StringComparison.Ordinal);
    }

    public async Task Say(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits for the end; it must be a success with "passed" as the last line.</summary>
    public async Task Passes()
    {
        var (exitCode, output, errors) = await End();
        Assert.True(exitCode == 0, $"the client ended with {exitCode}: {errors}");
        Assert.EndsWith("passed\n", output, StringComparison.Ordinal);
    }

    public async Task<(int ExitCode, string Output, string Errors)> End()
    {
        using var patience = new CancellationTokenSource(Patience);
        _process.StandardInput.Close();
        try
        {
            _output.Append(await _process.StandardOutput.ReadToEndAsync(patience.Token));
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            Assert.Fail($"the client did not end within {Patience.TotalSeconds} s: {await _errors}{_output}");
        }
        return (_process.ExitCode, _output.ToString(), await _errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
