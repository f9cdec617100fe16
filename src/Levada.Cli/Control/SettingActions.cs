using System.Text.Json.Nodes;

namespace Levada.Cli.Control;

/// <summary>What may be changed while the broker runs, by rabbitmqctl's names; until a reload or a start.</summary>
internal static class SettingActions
{
    public static IReadOnlyList<ControlAction> All { get; } =
    [
        new("set_log_level", "Sets the log's level, of one category if it is named.", ["LEVEL", "[CATEGORY]"],
            async i =>
        {
            i.Say($"Setting log level to \"{i["LEVEL"]}\" ...");
            await SetAsync(i, i.Optional("CATEGORY") is { } name ? $"log.{name}.level" : "log.level", i["LEVEL"]);
        }),
        new("rotate_logs", "Begins a new log file.", [], async i =>
        {
            i.Say("Rotating logs ...");
            await i.PutAsync("/api/logs/rotate");
        }),
        new("set_vm_memory_high_watermark", "Sets the memory above which publishing is blocked: FRACTION, or "
            + "`absolute` and bytes.", ["FRACTION", "[BYTES]"], async i =>
        {
            var isAbsolute = i["FRACTION"] == "absolute";
            var value = isAbsolute ? i["BYTES"] : i["FRACTION"];
            i.Say($"Setting memory threshold to {value} ...");
            await SetAsync(i, $"vm_memory_high_watermark.{(isAbsolute ? "absolute" : "relative")}", value);
            // Bytes go before the share.
            if (!isAbsolute)
                await SetAsync(i, "vm_memory_high_watermark.absolute", "0");
        }),
        new("set_disk_free_limit", "Sets the free disk space below which publishing is blocked: BYTES, or "
            + "`mem_relative` and a multiple of the memory.", ["BYTES", "[FRACTION]"], async i =>
        {
            var isRelative = i["BYTES"] == "mem_relative";
            var value = isRelative ? i["FRACTION"] : i["BYTES"];
            i.Say($"Setting disk free limit to {value} ...");
            await SetAsync(i, $"disk_free_limit.{(isRelative ? "relative" : "absolute")}", value);
            // The multiple goes before the bytes.
            if (!isRelative)
                await SetAsync(i, "disk_free_limit.relative", "0");
        }),
    ];

    /// <summary>Changes one live key of the configuration.</summary>
    public static Task SetAsync(ActionInput i, string key, string value) =>
        i.PutAsync(BrokerApi.Path("config", "effective", key), new JsonObject { ["value"] = value });
}
