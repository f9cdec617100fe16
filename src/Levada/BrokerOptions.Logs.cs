using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada;

/// <summary>What is logged, and where.</summary>
public sealed partial class BrokerOptions
{
    /// <summary>The least severe event that is logged, where nothing else is said.</summary>
    public LogLevel LogLevel { get; set; } = LogLevel.Information;

    /// <summary>The same by category (<see cref="LogCategories"/>), on every output.</summary>
    public IDictionary<string, LogLevel> LogCategoryLevels { get; set; } = new Dictionary<string, LogLevel>();

    /// <summary>Lines go to standard error.</summary>
    public bool LogConsole { get; set; } = true;

    /// <summary>They are JSON there.</summary>
    public bool LogConsoleJson { get; set; }

    /// <summary>The file that lines go to; empty for none. A relative path is in <see cref="LogDir"/>.</summary>
    public string LogFile { get; set; } = "";

    /// <summary>The folder of the file; null is the data folder.</summary>
    public string? LogDir { get; set; }

    /// <summary>The least severe event in the file; null is <see cref="LogLevel"/>.</summary>
    public LogLevel? LogFileLevel { get; set; }

    /// <summary>Lines in the file are JSON.</summary>
    public bool LogFileJson { get; set; }

    /// <summary>Bytes at which the file is rotated; 0 is never.</summary>
    public long LogRotationSize { get; set; } = 10 << 20;

    /// <summary>When else it is rotated; null is never.</summary>
    public RotationDate? LogRotationDate { get; set; }

    /// <summary>Archives of it that are kept.</summary>
    public int LogRotationCount { get; set; } = 5;

    /// <summary>Archives are compressed.</summary>
    public bool LogRotationCompress { get; set; }

    /// <summary>Bytes of lines that are remembered for the HTTP API; 0 is none.</summary>
    public int LogHistoryBytes { get; set; } = 256 << 10;

    /// <summary>The full path of <see cref="LogFile"/>; null if there is none.</summary>
    public string? LogFilePath =>
        LogFile.Length == 0 ? null : Path.GetFullPath(Path.Combine(LogDir ?? DataDir, LogFile));
}
