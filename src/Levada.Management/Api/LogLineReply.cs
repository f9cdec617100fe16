using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Management.Api;

/// <summary>A line of the log, as LavinMQ's live log has it, with its category.</summary>
internal sealed record LogLineReply(
    long Timestamp, string Severity, string Category, string Source, string Message)
{
    public static LogLineReply Of(LogEvent line) => new(
        line.At.ToUnixTimeMilliseconds(), WordOf(line.Level), line.CategoryName, line.Origin, line.Text);

    /// <summary>As in log.level.</summary>
    public static string WordOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
