using Levada.Logs;
using Microsoft.Extensions.Logging;

namespace Levada.Configuration;

// Keys: what is logged, and where.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Logs() =>
    [
        Live("least severe event to log: debug, info, warning, error, critical, none",
            o => o.LogLevel, (o, v) => o.LogLevel = v, ConfigurationValue.Level,
            "log.level", "log.console.level", "main.log_level"),
        .. LogCategoryKeys(),
        Key("lines go to standard error",
            o => o.LogConsole, (o, v) => o.LogConsole = v, ConfigurationValue.Boolean, "log.console"),
        Key("how lines are written there: plaintext, json",
            o => o.LogConsoleJson, (o, v) => o.LogConsoleJson = v, ConfigurationValue.IsJson,
            "log.console.formatter") with
        {
            Show = o => o.LogConsoleJson ? "json" : "plaintext",
        },
        Key("file that lines go to, or false; a relative path is in log.dir",
            o => o.LogFile, (o, v) => o.LogFile = v, ConfigurationValue.OptionalFile, "log.file", "main.log_file"),
        Key("folder of that file",
            o => o.LogDir, (o, v) => o.LogDir = v, ConfigurationValue.Text, "log.dir"),
        Live("least severe event in the file",
            o => o.LogFileLevel, (o, v) => o.LogFileLevel = v, s => ConfigurationValue.Level(s), "log.file.level"),
        Key("how lines are written in the file: plaintext, json",
            o => o.LogFileJson, (o, v) => o.LogFileJson = v, ConfigurationValue.IsJson, "log.file.formatter") with
        {
            Show = o => o.LogFileJson ? "json" : "plaintext",
        },
        Live("bytes at which the file is rotated; 0 is never",
            o => o.LogRotationSize, (o, v) => o.LogRotationSize = v, Bytes(0, 1L << 40), "log.file.rotation.size"),
        Live("when else it is rotated, in UTC: $D0 each midnight, $H30 each hour at half past, $W0D4 Sundays at four",
            o => o.LogRotationDate, (o, v) => o.LogRotationDate = v, ConfigurationValue.Rotation,
            "log.file.rotation.date"),
        Live("archives of the file that are kept",
            o => o.LogRotationCount, (o, v) => o.LogRotationCount = v, Number(0, 10_000), "log.file.rotation.count"),
        Live("archives are compressed",
            o => o.LogRotationCompress, (o, v) => o.LogRotationCompress = v, ConfigurationValue.Boolean,
            "log.file.rotation.compress"),
        Live("bytes of log lines that are remembered for GET /api/logs; 0 is none",
            o => o.LogHistoryBytes, (o, v) => o.LogHistoryBytes = v, SmallBytes(0, 1 << 30), "log_history_bytes"),
        Key("publishes log lines to the exchange amq.rabbitmq.log too",
            o => o.LogExchange, (o, v) => o.LogExchange = v, ConfigurationValue.Boolean, "log.exchange",
            "log_exchange", "main.log_exchange"),
        Key("least severe event to publish there",
            o => o.LogExchangeLevel, (o, v) => o.LogExchangeLevel = v, ConfigurationValue.Level,
            "log.exchange.level"),
    ];

    private static IEnumerable<ConfigurationKey> LogCategoryKeys() => LogCategories.Names.Select(
        static (name, place) => new ConfigurationKey(
            [$"log.{name}.level"],
            place == LogCategories.Default
                ? "the same for what belongs to no other category"
                : $"the same for what concerns the category {name}",
            (o, settings) => o.LogCategoryLevels = new Dictionary<string, LogLevel>(o.LogCategoryLevels)
            {
                [name] = ConfigurationValue.Level(settings[^1]),
            })
        {
            Show = o => o.LogCategoryLevels.TryGetValue(name, out var level) ? ConfigurationText.LevelOf(level) : "",
            Copy = (from, to) =>
            {
                var levels = new Dictionary<string, LogLevel>(to.LogCategoryLevels);
                if (from.LogCategoryLevels.TryGetValue(name, out var level))
                    levels[name] = level;
                else
                    levels.Remove(name);
                to.LogCategoryLevels = levels;
            },
        });
}
