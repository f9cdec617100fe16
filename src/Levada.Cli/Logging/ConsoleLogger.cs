using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>
/// Makes a line of an event: <c>2026-11-21T07:36:00.123Z INF connection text</c>. Whatever a client put into the text,
/// it stays one line: control characters are written as \xNN.
/// </summary>
internal sealed class ConsoleLogger(string origin, LogLevel minimum, LogWriter writer, TimeProvider time) : ILogger
{
    [ThreadStatic]
    private static StringBuilder? _line;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimum && logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var line = (_line ??= new StringBuilder()).Clear();
        line.Append(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} ")
            .Append(Short(logLevel)).Append(' ').Append(origin).Append(' ');
        AppendOneLine(line, formatter(state, exception));
        for (var e = exception; e is not null; e = e.InnerException)
        {
            line.Append(" | ").Append(e.GetType().Name).Append(": ");
            AppendOneLine(line, e.Message);
            AppendOneLine(line, e.StackTrace ?? "");
        }

        line.Append('\n');
        writer.Write(line);
        if (logLevel == LogLevel.Critical)
            writer.Flush();
    }

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRC",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "CRT",
    };

    private static void AppendOneLine(StringBuilder line, string text)
    {
        foreach (var c in text)
        {
            if (char.IsControl(c) || c is '\u2028' or '\u2029')
                line.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                line.Append(c);
        }
    }
}
