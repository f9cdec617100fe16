namespace Levada.Management.Metrics;

/// <summary>Where the process's memory is, as /api/nodes/NAME/memory has it.</summary>
internal static class MemoryMetrics
{
    public static async Task WriteAsync(MetricsText text, Broker broker)
    {
        var memory = await broker.TakeMemoryAsync();
        text.Family("levada_memory_bytes", "gauge", "Resident memory by what it is for; sums to all of it");
        foreach (var line in memory.Lines)
            text.Sample("levada_memory_bytes", line.Bytes, ("part", line.Name));
        text.Sample("levada_memory_bytes", memory.Unaccounted, ("part", "unaccounted"));
    }
}
