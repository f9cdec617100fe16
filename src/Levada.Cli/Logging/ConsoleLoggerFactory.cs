using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>
/// Loggers that write one line an event: time, level, origin, text. ASP.NET Core's own events count from warning on. A
/// whole logging framework would cost start time and memory that a broker's few lines do not need.
/// </summary>
internal sealed class ConsoleLoggerFactory : ILoggerFactory
{
    private readonly LogOutput[] _outputs;
    private readonly TimeProvider _time;

    /// <param name="log">Told of every line; has the levels.</param>
    /// <param name="outputs">Where lines go; disposed of with this.</param>
    /// <param name="time">The clock.</param>
    public ConsoleLoggerFactory(BrokerLog log, IEnumerable<LogOutput> outputs, TimeProvider time)
    {
        Log = log;
        _outputs = [.. outputs];
        _time = time;
    }

    /// <summary>To one stream, all of one level.</summary>
    public ConsoleLoggerFactory(LogLevel minimum, Stream output, TimeProvider time)
        : this(
            new BrokerLog(new BrokerOptions { LogLevel = minimum, LogHistoryBytes = 0 }),
            [new LogOutput(LogOutputKind.Console, LogWriter.To(output), isJson: false, withPriority: false)], time)
    {
    }

    public BrokerLog Log { get; }

    public ILogger CreateLogger(string categoryName)
    {
        var own = categoryName.StartsWith("Levada", StringComparison.Ordinal);
        return new EventLogger(
            Origin(categoryName), LogCategories.Of(categoryName), own ? LogLevel.Trace : LogLevel.Warning, this, _time);
    }

    /// <summary>Where lines go is configured.</summary>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Levada logs to standard error and to its file.");

    /// <summary>Writes what is left, for a moment at most.</summary>
    public void Dispose()
    {
        foreach (var output in _outputs)
            output.Dispose();
    }

    internal void Write(LogEvent line)
    {
        var levels = Log.Levels;
        foreach (var output in _outputs)
        {
            if (levels.IsEnabled(line.Category, output.Kind, line.Level))
                output.Write(line);
        }
        if (levels.IsEnabled(line.Category, LogOutputKind.Recent, line.Level))
            Log.Add(line);
    }

    /// <summary>Levada.Amqp.Connection: connection.</summary>
    private static string Origin(string category)
    {
        var name = category[(category.LastIndexOf('.') + 1)..];
        return name.ToLowerInvariant();
    }
}
