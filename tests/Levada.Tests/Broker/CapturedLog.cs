using Microsoft.Extensions.Logging;

namespace Levada.Tests;

/// <summary>Keeps what a broker logs, and lets a test wait for a line. Any thread.</summary>
public sealed class CapturedLog : ILoggerFactory, ILogger
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Predicate<string> Wanted, TaskCompletionSource<string> Seen)> _waiting = [];

    /// <summary>Every line so far: level, message, exception.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    /// <summary>Forgets the lines so far.</summary>
    public void Clear()
    {
        lock (_lock) _lines.Clear();
    }

    /// <summary>The first line with all of these texts in it, of those logged already or those to come.</summary>
    /// <exception cref="AmqpExpectationException">None came in time.</exception>
    public async Task<string> WaitForAsync(params string[] texts)
    {
        bool Wanted(string line) => texts.All(t => line.Contains(t, StringComparison.Ordinal));
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lines.Find(Wanted) is { } line) return line;
            _waiting.Add((Wanted, seen));
        }
        try
        {
            return await seen.Task.WaitAsync(RawConnection.Patience);
        }
        catch (TimeoutException e)
        {
            var all = string.Join('\n', Lines.TakeLast(10));
            throw new AmqpExpectationException($"no log line with \"{string.Join("\", \"", texts)}\" in:\n{all}", e);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}";
        lock (_lock)
        {
            _lines.Add(line);
            for (var i = _waiting.Count - 1; i >= 0; i--)
            {
                if (!_waiting[i].Wanted(line)) continue;
                _waiting[i].Seen.TrySetResult(line);
                _waiting.RemoveAt(i);
            }
        }
    }

    public void Dispose()
    {
    }
}
