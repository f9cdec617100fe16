using System.Diagnostics;
using System.Globalization;

namespace Levada.History;

/// <summary>
/// What the process takes from the machine at this moment, and what the runtime and the kernel did for it.
/// </summary>
public readonly record struct NodeUse
{
    /// <summary>Open descriptors.</summary>
    public long Files { get; private init; }

    public long Threads { get; private init; }

    public long GarbageCollections { get; private init; }

    /// <summary>Bytes allocated and no longer in the heap.</summary>
    public long BytesReclaimed { get; private init; }

    public long ContextSwitches { get; private init; }

    /// <summary>Read calls and the bytes that they read, of files and sockets.</summary>
    public long Reads { get; private init; }

    public long BytesRead { get; private init; }

    /// <summary>Write calls and the bytes that they wrote, of files and sockets.</summary>
    public long Writes { get; private init; }

    public long BytesWritten { get; private init; }

    /// <summary>Milliseconds of processor time.</summary>
    public long UserMs { get; private init; }

    public long SystemMs { get; private init; }

    /// <summary>Descriptors that the process may have; 0 if unknown.</summary>
    public static long FilesMax { get; } = ReadFilesMax();

    public static NodeUse Take()
    {
        using var process = Process.GetCurrentProcess();
        var io = OperatingSystem.IsLinux() ? ReadPairs("/proc/self/io") : [];
        var status = OperatingSystem.IsLinux() ? ReadPairs("/proc/self/status") : [];
        return new NodeUse
        {
            Files = OperatingSystem.IsLinux()
                ? Directory.EnumerateFileSystemEntries("/proc/self/fd").Count() : process.HandleCount,
            Threads = process.Threads.Count,
            GarbageCollections = GC.CollectionCount(0),
            BytesReclaimed = Math.Max(0, GC.GetTotalAllocatedBytes() - GC.GetTotalMemory(forceFullCollection: false)),
            ContextSwitches = status.GetValueOrDefault("voluntary_ctxt_switches")
                + status.GetValueOrDefault("nonvoluntary_ctxt_switches"),
            Reads = io.GetValueOrDefault("syscr"),
            BytesRead = io.GetValueOrDefault("rchar"),
            Writes = io.GetValueOrDefault("syscw"),
            BytesWritten = io.GetValueOrDefault("wchar"),
            UserMs = (long)process.UserProcessorTime.TotalMilliseconds,
            SystemMs = (long)process.PrivilegedProcessorTime.TotalMilliseconds,
        };
    }

    // Lines such as "syscr: 17"; those with other values are left out.
    private static Dictionary<string, long> ReadPairs(string path)
    {
        var pairs = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                var parts = line.Split(':', 2);
                if (parts.Length == 2
                    && long.TryParse(parts[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture, out var n))
                {
                    pairs[parts[0]] = n;
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A container may hide /proc/self/io: there is nothing to count then.
        }
        return pairs;
    }

    private static long ReadFilesMax()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var line = File.ReadLines("/proc/self/limits")
            .FirstOrDefault(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is { Length: > 3 } && long.TryParse(words[3], CultureInfo.InvariantCulture, out var max) ? max : 0;
    }
}
