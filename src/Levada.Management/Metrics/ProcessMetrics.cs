using System.Diagnostics;
using Levada.Platform;

namespace Levada.Management.Metrics;

/// <summary>What the process takes from the machine, and what the runtime does for it.</summary>
internal static class ProcessMetrics
{
    public static void Write(MetricsText text, BrokerOverview o, BrokerOptions options)
    {
        WriteUse(text, static name => $"rabbitmq_{name}");
        WriteBounds(text, static name => $"rabbitmq_{name}", o, options);
        WriteRuntime(text);
    }

    public static void WriteRuntime(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Counter("process_cpu_seconds_total", "User and system time", process.TotalProcessorTime.TotalSeconds);
        text.Gauge(
            "process_start_time_seconds", "When the process began, in Unix time",
            Math.Round((process.StartTime.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds, 3));
        text.Gauge("levada_threads", "Threads", process.Threads.Count);
        text.Gauge("levada_gc_heap_bytes", "Bytes of objects, live or not yet collected", GC.GetTotalMemory(false));
        text.Counter("levada_gc_allocated_bytes_total", "Bytes allocated", GC.GetTotalAllocatedBytes());
        text.Family("levada_gc_collections_total", "counter", "Garbage collections by generation");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            text.Sample("levada_gc_collections_total", GC.CollectionCount(generation),
                ("generation", ((char)('0' + generation)).ToString()));
        }
    }

    /// <summary>Descriptors and memory in use.</summary>
    public static void WriteUse(MetricsText text, Func<string, string> named)
    {
        text.Gauge(named("process_resident_memory_bytes"), "Resident memory", Environment.WorkingSet);
        text.Gauge(named("process_open_fds"), "Open file descriptors", OpenFiles.Count());
    }

    /// <summary>What there may be of them; sockets; the disk.</summary>
    public static void WriteBounds(
        MetricsText text, Func<string, string> named, BrokerOverview o, BrokerOptions options)
    {
        text.Gauge(named("process_open_tcp_sockets"), "Sockets of AMQP connections", o.Connections);
        if (OpenFiles.Max is > 0 and var max)
        {
            text.Gauge(named("process_max_fds"), "File descriptors that may be open", max);
            text.Gauge(named("process_max_tcp_sockets"), "Sockets that may be open",
                options.ConnectionMax is > 0 and var connections ? Math.Min(max, connections) : max);
        }
        text.Gauge(named("disk_space_available_bytes"), "Bytes free where the data folder is", o.DiskFree);
        text.Gauge(
            named("disk_space_available_limit_bytes"), "Below this much free disk publishing is blocked",
            o.DiskFreeLimit);
        text.Gauge(
            named("resident_memory_limit_bytes"), "Above this much resident memory publishing is blocked",
            o.MemoryLimit);
    }
}
