using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Levada.Tests.Host;

/// <summary>
/// <c>levada server</c> as a process of its own on free ports of the loopback: for what only a process has, signals,
/// exit codes, SIGKILL. It must be disposed of; then it is killed if it still runs.
/// </summary>
public sealed partial class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly ConcurrentDictionary<string, IPEndPoint> _listeners = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BrokerProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        process.Start();
        process.BeginErrorReadLine();
    }

    /// <summary>The executable that the tests were built with.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "Levada.Cli");

    public int Id => _process.Id;

    public IPEndPoint Amqp => _listeners["amqp"];

    public IPEndPoint Http => _listeners["http"];

    public IPEndPoint Amqps => _listeners["amqps"];

    public IPEndPoint Https => _listeners["https"];

    /// <summary>Where there are metrics alone.</summary>
    public IPEndPoint Metrics => _listeners["http/prometheus"];

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyCollection<string> Log => _log;

    /// <summary>Starts a broker and waits until clients can connect.</summary>
    /// <exception cref="InvalidOperationException">It ended, or did not get ready in 30 s; with its log.</exception>
    public static Task<BrokerProcess> StartAsync(string dataFolder, params string[] more) =>
        StartAsync(dataFolder, new Dictionary<string, string>(), [], more);

    /// <summary>The same with variables, and by a program that in the end becomes the broker.</summary>
    public static async Task<BrokerProcess> StartAsync(
        string dataFolder, IReadOnlyDictionary<string, string> variables, string[] launcher, params string[] more)
    {
        var broker = Launch(dataFolder, variables, launcher, more);
        var first = await Task.WhenAny(
            broker._ready.Task, broker._process.WaitForExitAsync(), Task.Delay(Patience));
        if (first == broker._ready.Task)
            return broker;
        await broker.DisposeAsync();
        throw new InvalidOperationException("the broker did not start:\n" + string.Join('\n', broker.Log));
    }

    /// <summary>Starts a broker that is expected to end by itself.</summary>
    public static BrokerProcess Launch(string dataFolder, params string[] more) =>
        Launch(dataFolder, new Dictionary<string, string>(), [], more);

    /// <summary>The same with variables, and by a program that in the end becomes the broker.</summary>
    public static BrokerProcess Launch(
        string dataFolder, IReadOnlyDictionary<string, string> variables, string[] launcher, params string[] more)
    {
        string[][] usual =
        [
            ["--bind", "127.0.0.1"], ["--amqp-port", "0"], ["--http-port", "0"], ["--metrics-port", "0"],
        ];
        var arguments = usual.Where(o => !more.Contains(o[0])).SelectMany(o => o).Concat(more);
        string[] command = [.. launcher, Executable, "server", "--data-dir", dataFolder, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new BrokerProcess(new Process { StartInfo = start });
    }

    /// <summary>SIGTERM, then the exit code.</summary>
    public Task<int> StopAsync()
    {
        Signal(PosixSignal.SIGTERM);
        return ExitAsync();
    }

    /// <summary>SIGKILL: nothing of the broker runs any more when this returns.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await ExitAsync();
    }

    public void Signal(PosixSignal signal)
    {
        var number = signal switch
        {
            PosixSignal.SIGHUP => 1,
            PosixSignal.SIGINT => 2,
            _ => 15,
        };
        if (SendSignal(_process.Id, number) != 0)
            throw new InvalidOperationException($"kill failed with errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>SIGTERM to another process of the test's own.</summary>
    public static void Terminate(int process)
    {
        if (SendSignal(process, 15) != 0)
            throw new InvalidOperationException($"kill failed with errno {Marshal.GetLastPInvokeError()}");
    }

    public async Task<int> ExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>Waits for a line with this text; nothing else tells of what the process has done by itself.</summary>
    public async Task WaitForLogAsync(string text, TimeSpan? patience = null)
    {
        var deadline = DateTime.UtcNow + (patience ?? Patience);
        while (!_log.Any(line => line.Contains(text, StringComparison.Ordinal)))
        {
            if (DateTime.UtcNow > deadline)
                throw new InvalidOperationException($"no line '{text}' in:\n" + string.Join('\n', _log));
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }

    [GeneratedRegex(@"listening: (\S+) (\S+):(\d+)$")]
    private static partial Regex Listening();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    private void OnLine(string? line)
    {
        if (line is null)
            return;
        _log.Enqueue(line);
        if (Listening().Match(line) is { Success: true } match)
        {
            _listeners[match.Groups[1].Value] = new IPEndPoint(
                IPAddress.Parse(match.Groups[2].Value), int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
        }

        if (line.Contains(" INF server ready", StringComparison.Ordinal))
            _ready.TrySetResult();
    }
}
