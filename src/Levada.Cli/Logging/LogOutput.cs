using System.Globalization;
using System.Text;
using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Cli.Logging;

/// <summary>One place that lines go to, and how they look there.</summary>
/// <param name="kind">Which one.</param>
/// <param name="writer">Writes them; disposed of with this.</param>
/// <param name="isJson">They are JSON, not text.</param>
/// <param name="withPriority">They begin with their priority, for the journal.</param>
/// <param name="file">What the writer writes, to be closed after it; null if that is not ours.</param>
internal sealed class LogOutput(
    LogOutputKind kind, LogWriter writer, bool isJson, bool withPriority, LogFile? file = null) : IDisposable
{
    [ThreadStatic]
    private static StringBuilder? _line;

    public LogOutputKind Kind => kind;

    /// <summary>Lines lost since the start.</summary>
    public long Dropped => writer.Dropped + (file?.Lost ?? 0);

    public void Write(LogEvent e)
    {
        var line = (_line ??= new StringBuilder()).Clear();
        if (withPriority)
            line.Append(CultureInfo.InvariantCulture, $"<{LogText.Priority(e.Level)}>");
        if (isJson)
            LogText.AppendJson(line, e);
        else
            LogText.Append(line, e);
        writer.Write(line);
        if (e.Level == LogLevel.Critical)
            writer.Flush();
    }

    public void Dispose()
    {
        writer.Dispose();
        file?.Dispose();
    }
}
