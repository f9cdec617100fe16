using System.Diagnostics;

namespace Levada.Management.Metrics;

/// <summary>What the process takes from the machine, and what the runtime does for it.</summary>
internal static class ProcessMetrics
{
    public static void Write(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Gauge("rabbitmq_process_resident_memory_bytes", "Resident memory", process.WorkingSet64);
        text.Counter("process_cpu_seconds_total", "User and system time", process.TotalProcessorTime.TotalSeconds);
        if (CountFiles() is int files)
            text.Gauge("rabbitmq_process_open_fds", "Open file descriptors", files);
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

    private static int? CountFiles() =>
        OperatingSystem.IsLinux() ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : null;
}
