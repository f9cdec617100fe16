using System.Runtime.InteropServices;
using System.Threading.Channels;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Levada.Cli.Control.Views;

/// <summary>
/// The whole terminal, until it is disposed of; then it is as it was, however the program is told to end. Frames are
/// laid out by the library and written in one go over the last one, so nothing flickers and a resize leaves nothing
/// behind. One caller at a time.
/// </summary>
internal sealed class Screen : IDisposable
{
    private const string Enter = "\e[?1049h\e[?25l\e[2J";
    private const string Leave = "\e[?25h\e[?1049l";
    private const string Home = "\e[H";
    private const string RestOfLine = "\e[K";
    private const string RestOfScreen = "\e[J";

    private readonly CancellationTokenSource _end = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private readonly Channel<ConsoleKeyInfo?> _keys = Channel.CreateUnbounded<ConsoleKeyInfo?>();

    /// <exception cref="ControlException">There is no terminal.</exception>
    public Screen()
    {
        if (Console.IsOutputRedirected)
            throw new ControlException(ControlExit.Usage, "this needs a terminal to show something on");
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _signals.Add(PosixSignalRegistration.Create(signal, OnSignal));
        if (!OperatingSystem.IsWindows())
            _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _keys.Writer.TryWrite(null)));
        Console.Out.Write(Enter);
        if (!Console.IsInputRedirected)
            new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    /// <summary>Somebody wants it to end.</summary>
    public CancellationToken End => _end.Token;

    /// <summary>What the program is to end with: 0 if who looks at it has left.</summary>
    public int ExitCode { get; private set; }

    public static int Width => Math.Max(20, Console.WindowWidth);

    public static int Height => Math.Max(5, Console.WindowHeight);

    /// <summary>Shows this and nothing else; what is too long for the screen is cut.</summary>
    public static void Show(params IRenderable[] parts)
    {
        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, ColorSystem = (ColorSystemSupport)AnsiConsole.Profile.Capabilities.ColorSystem,
            Out = new AnsiConsoleOutput(writer), Interactive = InteractionSupport.No,
        });
        console.Profile.Width = Width;
        console.Profile.Height = Height;
        foreach (var part in parts)
            console.Write(part);
        var lines = writer.ToString().TrimEnd('\n').Split('\n').Take(Height);
        Console.Out.Write(Home + string.Join(RestOfLine + "\r\n", lines) + RestOfLine + RestOfScreen);
        Console.Out.Flush();
    }

    /// <summary>
    /// Waits for a key. Null if none came in time, the size has changed, or it is to end.
    /// </summary>
    public async Task<ConsoleKeyInfo?> ReadKeyAsync(TimeSpan patience)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(End);
        time.CancelAfter(patience);
        try
        {
            return await _keys.Reader.ReadAsync(time.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    public void Quit() => _end.Cancel();

    public void Dispose()
    {
        Console.Out.Write(Leave);
        Console.Out.Flush();
        foreach (var signal in _signals)
            signal.Dispose();
        _end.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        // Without this the runtime would end the process at once, and leave the terminal as it is.
        context.Cancel = true;
        ExitCode = context.Signal switch
        {
            PosixSignal.SIGTERM => 128 + 15,
            PosixSignal.SIGHUP => 128 + 1,
            _ => 0,
        };
        _end.Cancel();
    }

    // A thread of its own, because reading a key cannot be given up; it ends with the process.
    private void ReadKeys()
    {
        try
        {
            while (!_end.IsCancellationRequested)
                _keys.Writer.TryWrite(Console.ReadKey(intercept: true));
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or ObjectDisposedException)
        {
            // The terminal has gone, and a SIGHUP says so too; or the screen is closed.
        }
    }
}
