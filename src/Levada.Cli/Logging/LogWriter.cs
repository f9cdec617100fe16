using System.Globalization;
using System.Text;

namespace Levada.Cli.Logging;

/// <summary>
/// Lines on their way to a stream, which may be slow or stuck (a full pipe): a thread of its own writes, callers only
/// append to a buffer under a short lock. The buffer has a bound; lines beyond it are dropped and counted, and the
/// count is the next line. The lock guards all fields.
/// </summary>
internal sealed class LogWriter : IDisposable
{
    /// <summary>Characters that may wait.</summary>
    private const int Bound = 1 << 20;

    /// <summary>How long anyone waits for a reader of the stream.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Action<StringBuilder> _write;
    private readonly string _name;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private StringBuilder _waiting = new();
    private StringBuilder _spare = new();
    private TaskCompletionSource? _flushed;
    private long _dropped;
    private long _droppedSinceStart;
    private bool _closed;

    /// <param name="write">Writes lines, on the thread; an <see cref="IOException"/> ends it for good.</param>
    /// <param name="name">Of what is written to, for the line about lost ones.</param>
    public LogWriter(Action<StringBuilder> write, string name)
    {
        _write = write;
        _name = name;
        _thread = new Thread(Run, 128 << 10) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    /// <summary>Lines dropped since the start.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _droppedSinceStart;
        }
    }

    /// <summary>To standard error, or what stands for it.</summary>
    public static LogWriter To(Stream output) => new(
        lines =>
        {
            foreach (var chunk in lines.GetChunks())
                output.Write(Encoding.UTF8.GetBytes(chunk.ToArray()));
            output.Flush();
        },
        "standard error");

    public void Write(StringBuilder line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_waiting.Length + line.Length > Bound)
            {
                _dropped++;
                _droppedSinceStart++;
                return;
            }

            var first = _waiting.Length == 0;
            _waiting.Append(line);
            if (first)
                Wake();
        }
    }

    /// <summary>Waits, for two seconds at most, until the lines so far are written: the process may end next.</summary>
    public void Flush()
    {
        Task flushed;
        lock (_gate)
        {
            _flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            flushed = _flushed.Task;
            Wake();
        }

        flushed.Wait(Patience);
    }

    /// <summary>Takes no more lines and waits, for two seconds at most, until those it has are written.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            Wake();
        }

        _thread.Join(Patience);
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    private void Run()
    {
        while (true)
        {
            _wake.Wait();
            StringBuilder lines;
            TaskCompletionSource? flushed;
            bool closed;
            lock (_gate)
            {
                lines = TakeLines();
                (flushed, _flushed) = (_flushed, null);
                closed = _closed;
            }

            try
            {
                if (lines.Length > 0)
                    _write(lines);
            }
            catch (IOException)
            {
                // Nobody reads standard error any more, so there is nobody to tell.
                closed = true;
            }

            flushed?.SetResult();
            lines.Clear();
            if (closed)
                return;
        }
    }

    /// <summary>Under the lock: what waits, and how much was dropped since.</summary>
    private StringBuilder TakeLines()
    {
        (_waiting, _spare) = (_spare, _waiting);
        if (_dropped > 0)
        {
            _spare.Append(
                CultureInfo.InvariantCulture, $"levada: {_dropped} log lines dropped, {_name} is too slow\n");
            _dropped = 0;
        }

        return _spare;
    }
}
