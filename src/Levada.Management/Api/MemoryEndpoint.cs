using System.Text.Json.Nodes;
using Levada.Accounting;
using Microsoft.AspNetCore.Http;

namespace Levada.Management.Api;

/// <summary>
/// Where the process's memory is, in RabbitMQ's shape, and giving back what can be. The lines and `unaccounted` make up
/// the total; the names that RabbitMQ has too mean the same.
/// </summary>
internal sealed class MemoryEndpoint(Broker broker)
{
    public Task GetAsync(HttpContext context) => AnswerAsync(context, static (memory, breakdown) =>
    {
        foreach (var line in breakdown.Lines)
            memory[line.Name] = line.Bytes;
        memory["unaccounted"] = breakdown.Unaccounted;
        memory["strategy"] = "rss";
        // RabbitMQ tells the runtime's own sum and what it has allocated apart from what is resident.
        memory["total"] = new JsonObject
        {
            ["erlang"] = breakdown.Resident - breakdown["allocated_unused"],
            ["rss"] = breakdown.Resident,
            ["allocated"] = breakdown.Resident,
        };
    });

    /// <summary>The same in hundredths of the total.</summary>
    public Task GetRelativeAsync(HttpContext context) => AnswerAsync(context, static (memory, breakdown) =>
    {
        foreach (var line in breakdown.Lines)
            memory[line.Name] = Hundredths(line.Bytes, breakdown.Resident);
        memory["unaccounted"] = Hundredths(breakdown.Unaccounted, breakdown.Resident);
        memory["strategy"] = "rss";
        memory["total"] = 100;
    });

    public Task CollectAsync(HttpContext context) =>
        context.Request.RouteValues.ContainsKey("name") && PathName.Of(context) != broker.NodeName
            ? Reply.NotFoundAsync(context)
            : OperatorEndpoint.AnswerAsync(context, broker.Actions.CollectGarbageAsync);

    private async Task AnswerAsync(HttpContext context, Action<JsonObject, MemoryBreakdown> fill)
    {
        if (PathName.Of(context) != broker.NodeName)
        {
            await Reply.NotFoundAsync(context);
            return;
        }
        var breakdown = await broker.TakeMemoryAsync();
        var memory = new JsonObject();
        fill(memory, breakdown);
        var body = new JsonObject
        {
            ["memory"] = memory,
            ["took_ms"] = Math.Round(breakdown.Took.TotalMilliseconds, 1),
        };
        await Reply.OkAsync(context, body, ApiJson.Default.JsonObject);
    }

    private static long Hundredths(long bytes, long total) => (long)Math.Round(100.0 * bytes / total);
}
