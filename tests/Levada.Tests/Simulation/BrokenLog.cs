using Microsoft.Extensions.Logging;

namespace Levada.Tests.Simulation;

/// <summary>A broker's log, of which only exceptions matter here: each is a broken invariant.</summary>
internal sealed class BrokenLog(Action<Exception> broken) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            broken(new InvalidOperationException(formatter(state, exception), exception));
    }

    public void Dispose()
    {
    }
}
