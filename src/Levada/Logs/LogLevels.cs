using Microsoft.Extensions.Logging;

namespace Levada.Logs;

/// <summary>
/// The least severe level that is logged, by category and output. A category's own level counts on every output; else
/// the output's own does, else log.level. Safe from any thread: a table that <see cref="Refresh"/> replaces.
/// </summary>
public sealed class LogLevels
{
    private static readonly int Outputs = Enum.GetValues<LogOutputKind>().Length;

    private readonly BrokerOptions _options;
    private volatile LogLevel[] _levels = [];

    // For each category the least of its outputs'.
    private volatile LogLevel[] _least = [];

    public LogLevels(BrokerOptions options)
    {
        _options = options;
        Refresh();
    }

    /// <summary>Whether any output takes it.</summary>
    public bool IsEnabled(int category, LogLevel level) => level >= _least[category] && level != LogLevel.None;

    public bool IsEnabled(int category, LogOutputKind output, LogLevel level) =>
        level >= _levels[(category * Outputs) + (int)output] && level != LogLevel.None;

    /// <summary>The options have changed.</summary>
    public void Refresh()
    {
        var names = LogCategories.Names;
        var levels = new LogLevel[names.Count * Outputs];
        var least = new LogLevel[names.Count];
        for (var category = 0; category < names.Count; category++)
        {
            least[category] = LogLevel.None;
            foreach (var output in Enum.GetValues<LogOutputKind>())
            {
                var level = _options.LogCategoryLevels.TryGetValue(names[category], out var own) ? own : Of(output);
                levels[(category * Outputs) + (int)output] = level;
                if (level < least[category])
                    least[category] = level;
            }
        }
        _levels = levels;
        _least = least;
    }

    private LogLevel Of(LogOutputKind output) => output switch
    {
        LogOutputKind.Console when !_options.LogConsole => LogLevel.None,
        LogOutputKind.File when _options.LogFile.Length == 0 => LogLevel.None,
        LogOutputKind.File => _options.LogFileLevel ?? _options.LogLevel,
        _ => _options.LogLevel,
    };
}
