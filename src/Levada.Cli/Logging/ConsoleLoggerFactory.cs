using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>
/// Loggers that write one line an event to a stream: time, level, origin, text. ASP.NET Core's own events count from
/// warning on. A whole logging framework would cost start time and memory that a broker's few lines do not need.
/// </summary>
internal sealed class ConsoleLoggerFactory : ILoggerFactory
{
    private readonly LogLevel _minimum;
    private readonly LogWriter _writer;
    private readonly TimeProvider _time;

    public ConsoleLoggerFactory(LogLevel minimum, Stream output, TimeProvider time)
    {
        _minimum = minimum;
        _writer = new LogWriter(output);
        _time = time;
    }

    public ILogger CreateLogger(string categoryName)
    {
        var own = categoryName.StartsWith("Levada", StringComparison.Ordinal);
        var minimum = own || _minimum > LogLevel.Warning ? _minimum : LogLevel.Warning;
        return new ConsoleLogger(Origin(categoryName), minimum, _writer, _time);
    }

    /// <summary>There is one place to write to.</summary>
    public void AddProvider(ILoggerProvider provider) =>
        throw new NotSupportedException("Levada logs to standard error only.");

    /// <summary>Writes what is left, for a moment at most.</summary>
    public void Dispose() => _writer.Dispose();

    /// <summary>Levada.Amqp.Connection: connection.</summary>
    private static string Origin(string category)
    {
        var name = category[(category.LastIndexOf('.') + 1)..];
        return name.ToLowerInvariant();
    }
}
