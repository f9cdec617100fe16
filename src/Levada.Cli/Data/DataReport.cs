using System.Globalization;
using System.Text.Json.Nodes;
using Levada.Cli.Control.Views;
using Levada.Offline;

namespace Levada.Cli.Data;

/// <summary>What the offline tools say.</summary>
internal static class DataReport
{
    public static void Write(TextWriter to, DataFolder folder, DataContent content, bool asJson)
    {
        if (asJson)
        {
            to.WriteLine(new JsonObject
            {
                ["folder"] = folder.Path,
                ["vhosts"] = new JsonArray([.. content.VHosts.Select(static v => (JsonNode)v)]),
                ["queues"] = new JsonArray([.. content.Queues.Select(Json)]),
                ["shards"] = new JsonArray([.. content.Shards.Select(Json)]),
                ["faults"] = Json(content.Faults),
            }.ToJsonString());
            return;
        }
        TableText.Write(["vhost", "queue", "type", "messages", "bytes"], [.. content.Queues.Select(static q => new[]
        {
            q.VHost, q.Name, q.IsDelayed ? "delayed by exchange" : TypeOf(q), N(q.Messages), N(q.Bytes),
        })]);
        to.WriteLine();
        TableText.Write(
            ["shard", "last stop", "journal files", "bytes", "segments", "bytes", "torn bytes"],
            [.. content.Shards.Select(static s => new[]
            {
                N(s.Number), s.IsClean ? "clean" : "not clean", N(s.JournalFiles), N(s.JournalBytes), N(s.SegmentFiles),
                N(s.SegmentBytes), N(s.TornBytes),
            })]);
        to.WriteLine();
        var (messages, bytes) = (content.Queues.Sum(static q => q.Messages), content.Queues.Sum(static q => q.Bytes));
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{content.VHosts.Count} virtual hosts, {content.Queues.Count} queues, "
            + $"{messages} messages, {bytes} bytes"));
        WriteFaults(to, content.Faults);
    }

    public static void Write(TextWriter to, DataContent content, IReadOnlyList<DataFault> faults, bool asJson)
    {
        if (asJson)
        {
            to.WriteLine(new JsonObject
            {
                ["messages"] = content.Queues.Sum(static q => q.Messages),
                ["whole"] = faults.All(static fault => fault.IsTornTail),
                ["faults"] = Json(faults),
            }.ToJsonString());
            return;
        }
        WriteFaults(to, faults);
        to.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{content.Queues.Sum(static q => q.Messages)} messages in {content.Queues.Count} queues: {Sum(faults)}"));
    }

    public static void Write(TextWriter to, RepairReport report)
    {
        WriteFaults(to, report.Faults);
        if (report.Faults.Count == 0)
        {
            to.WriteLine("nothing to repair");
            return;
        }
        if (report.Aside is null)
        {
            to.WriteLine("nothing was changed");
            return;
        }
        foreach (var file in report.Kept)
            to.WriteLine($"kept: {file}");
        to.WriteLine($"report: {Path.Combine(report.Aside, "report.txt")}");
        if (report.Left.Count == 0)
        {
            to.WriteLine("repaired: everything left is whole");
            return;
        }
        to.WriteLine("still wrong:");
        WriteFaults(to, report.Left);
    }

    public static string Text(DataFault fault) =>
        $"{fault.What}{(fault.Queue is { } queue ? $" (queue {queue})" : "")}"
        + (fault.IsTornTail ? "; never acknowledged, nothing is lost"
            : fault.Messages > 0 ? $"; lost: {N(fault.Messages)}" : "");

    private static void WriteFaults(TextWriter to, IReadOnlyList<DataFault> faults)
    {
        foreach (var fault in faults)
            to.WriteLine($"{(fault.IsTornTail ? "torn" : "damaged")}: {Text(fault)}");
    }

    private static string Sum(IReadOnlyList<DataFault> faults) =>
        faults.Count(static fault => !fault.IsTornTail) is > 0 and var damages ? $"{N(damages)} places are damaged"
        : faults.Count > 0 ? "whole, but for a torn tail that the next start cuts"
        : "everything is whole";

    private static string TypeOf(QueueContent queue) => queue.Queue.Type.ToString().ToLowerInvariant();

    private static JsonNode Json(QueueContent queue) => new JsonObject
    {
        ["vhost"] = queue.VHost, ["name"] = queue.Name, ["delayed"] = queue.IsDelayed, ["type"] = TypeOf(queue),
        ["messages"] = queue.Messages, ["message_bytes"] = queue.Bytes,
    };

    private static JsonNode Json(ShardContent shard) => new JsonObject
    {
        ["shard"] = shard.Number, ["clean_stop"] = shard.IsClean, ["journal_files"] = shard.JournalFiles,
        ["journal_bytes"] = shard.JournalBytes, ["segment_files"] = shard.SegmentFiles,
        ["segment_bytes"] = shard.SegmentBytes, ["torn_bytes"] = shard.TornBytes,
    };

    private static JsonArray Json(IReadOnlyList<DataFault> faults) => new([.. faults.Select(static f => new JsonObject
    {
        ["what"] = f.What, ["lost"] = f.Messages, ["queue"] = f.Queue, ["torn_tail"] = f.IsTornTail,
    })]);

    private static string N(long number) => number.ToString(CultureInfo.InvariantCulture);
}
