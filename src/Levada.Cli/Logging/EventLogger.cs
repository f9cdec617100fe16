using System.Text;
using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>Makes an event of what one part of the broker says, and passes it on to the outputs that take it.</summary>
internal sealed class EventLogger(
    string origin, int category, LogLevel minimum, ConsoleLoggerFactory factory, TimeProvider time) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) =>
        logLevel >= minimum && factory.Log.Levels.IsEnabled(category, logLevel);

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var text = LogText.OneLine(formatter(state, exception));
        if (exception is not null)
            text = Append(text, exception);
        factory.Write(new LogEvent(time.GetUtcNow(), logLevel, category, origin, text));
    }

    private static string Append(string text, Exception exception)
    {
        var line = new StringBuilder(text);
        for (var e = exception; e is not null; e = e.InnerException)
            line.Append(" | ").Append(e.GetType().Name).Append(": ")
                .Append(LogText.OneLine(e.Message)).Append(LogText.OneLine(e.StackTrace ?? ""));
        return line.ToString();
    }
}
