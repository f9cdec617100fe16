using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Levada.Tests.Clients;
using Levada.Tests.Web;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]

namespace Levada.Tests.Web;

/// <summary>
/// Chromium with the readers of tests/clients/node/web-page.mjs: one for all tests, since starting it takes longer than
/// most of what is read. Each scenario has a context of its own, as if it were a browser of its own. Started by the
/// first test that reads.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    // Long enough for a loaded machine; a reader that hangs fails its test instead of the whole run.
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(240);

    private readonly Lazy<Process> _process;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> _readers = new();

    // Locked while it is added to or read.
    private readonly StringBuilder _errors = new();
    private int _last;

    public Browser() => _process = new Lazy<Process>(Start);

    /// <summary>A broker of its own with the page, and a reader of it.</summary>
    public async Task ReadsAsync(string scenario)
    {
        await using var broker = await WebBroker.StartAsync();
        await ReadsAsync(scenario, broker.Url, broker.Amqp);
    }

    /// <summary>A reader does what the scenario says, and finds it as it says.</summary>
    /// <param name="scenario">Its name.</param>
    /// <param name="url">Where the page is.</param>
    /// <param name="amqp">Where the clients of the scenario connect.</param>
    public async Task ReadsAsync(string scenario, string url, string amqp)
    {
        var number = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var said = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _readers[number] = said;
        var process = _process.Value;
        lock (process.StandardInput)
            process.StandardInput.WriteLine($"{number} {url} {amqp} {scenario}");
        if (process.HasExited) Hear(null);
        try
        {
            var answer = await said.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(answer == "passed", answer);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"'{scenario}' did not end within {Patience.TotalSeconds} s: {Errors()}");
        }
        finally
        {
            _readers.TryRemove(number, out _);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.IsValueCreated) return;
        using var process = _process.Value;
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private Process Start()
    {
        var script = Path.Combine(Prerequisites.ClientsFolder, "node", "web-page.mjs");
        var process = Process.Start(new ProcessStartInfo(Prerequisites.Node, [script, Prerequisites.Chromium])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors) _errors.AppendLine(line.Data);
        };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>NUMBER and how it went, as JSON; null at the end.</summary>
    private void Hear(string? line)
    {
        if (line is null)
        {
            foreach (var said in _readers.Values) said.TrySetResult($"the browser's process has ended: {Errors()}");
            return;
        }
        var parts = line.Split(' ', 2);
        if (_readers.TryGetValue(parts[0], out var reader))
            reader.TrySetResult(JsonElement.Parse(parts[1]).GetString()!);
    }

    private string Errors()
    {
        lock (_errors) return _errors.ToString();
    }
}
