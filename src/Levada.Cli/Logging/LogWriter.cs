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

    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(2);

    private readonly Stream _output;
    private readonly Thread _thread;
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private StringBuilder _waiting = new();
    private StringBuilder _spare = new();
    private long _dropped;
    private bool _closed;

    public LogWriter(Stream output)
    {
        _output = output;
        _thread = new Thread(Run, 128 << 10) { IsBackground = true, Name = "log" };
        _thread.Start();
    }

    public void Write(StringBuilder line)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_waiting.Length + line.Length > Bound)
            {
                _dropped++;
                return;
            }

            var first = _waiting.Length == 0;
            _waiting.Append(line);
            if (first && _wake.CurrentCount == 0)
                _wake.Release();
        }
    }

    /// <summary>Takes no more lines and waits, for two seconds at most, until those it has are written.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }

        _thread.Join(LastWrite);
    }

    private void Run()
    {
        while (true)
        {
            _wake.Wait();
            var (lines, dropped, closed) = Take();
            try
            {
                foreach (var chunk in lines.GetChunks())
                    _output.Write(Encoding.UTF8.GetBytes(chunk.ToArray()));
                if (dropped > 0)
                    _output.Write(Encoding.UTF8.GetBytes(DroppedLine(dropped)));
                _output.Flush();
            }
            catch (IOException)
            {
                // Nobody reads standard error any more, so there is nobody to tell.
                return;
            }

            lines.Clear();
            if (closed)
                return;
        }
    }

    private (StringBuilder Lines, long Dropped, bool Closed) Take()
    {
        lock (_gate)
        {
            (_waiting, _spare) = (_spare, _waiting);
            var dropped = _dropped;
            _dropped = 0;
            return (_spare, dropped, _closed);
        }
    }

    private static string DroppedLine(long count) => string.Create(
        CultureInfo.InvariantCulture, $"levada: {count} log lines dropped, standard error is too slow\n");
}
