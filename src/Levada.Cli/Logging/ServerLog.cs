using Levada.Logs;

namespace Levada.Cli.Logging;

/// <summary>The outputs of a broker's log, as they are configured.</summary>
internal static class ServerLog
{
    /// <exception cref="IOException">The log's file cannot be opened.</exception>
    public static ConsoleLoggerFactory Open(BrokerOptions options, Stream standardError, TimeProvider time)
    {
        var outputs = new List<LogOutput>();
        var console = LogWriter.To(standardError);
        outputs.Add(new LogOutput(LogOutputKind.Console, console, options.LogConsoleJson, JournalStream.IsOurs));
        LogFile? file = null;
        if (options.LogFilePath is { } path)
        {
            file = new LogFile(path, options, time, console);
            file.Open();
            outputs.Add(new LogOutput(
                LogOutputKind.File, new LogWriter(file.Write, "the log file"), options.LogFileJson,
                withPriority: false, file));
        }
        var log = new BrokerLog(options)
        {
            File = file?.Path,
            Rotate = file is null ? null : file.RotateNext,
            Reopen = file is null ? null : file.ReopenNext,
            Dropped = () =>
            [
                .. outputs.Select(static o => (o.Kind == LogOutputKind.File ? "file" : "console", o.Dropped)),
            ],
        };
        return new ConsoleLoggerFactory(log, outputs, time);
    }
}
