using System.Globalization;
using Levada.Platform;

namespace Levada.History;

/// <summary>
/// What the process takes from the machine at this moment, and what the runtime and the kernel did for it.
/// </summary>
public readonly record struct NodeUse
{
    /// <summary>Open descriptors.</summary>
    public long Files { get; private init; }

    /// <summary>0 where the kernel does not tell, as everything but processor time and collections.</summary>
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

    public static NodeUse Take()
    {
        var processor = Environment.CpuUsage;
        var io = OperatingSystem.IsLinux() ? ReadPairs("/proc/self/io") : [];
        var status = OperatingSystem.IsLinux() ? ReadPairs("/proc/self/status") : [];
        return new NodeUse
        {
            Files = OpenFiles.Count(),
            Threads = status.GetValueOrDefault("Threads"),
            GarbageCollections = GC.CollectionCount(0),
            BytesReclaimed = Math.Max(0, GC.GetTotalAllocatedBytes() - GC.GetTotalMemory(forceFullCollection: false)),
            ContextSwitches = status.GetValueOrDefault("voluntary_ctxt_switches")
                + status.GetValueOrDefault("nonvoluntary_ctxt_switches"),
            Reads = io.GetValueOrDefault("syscr"),
            BytesRead = io.GetValueOrDefault("rchar"),
            Writes = io.GetValueOrDefault("syscw"),
            BytesWritten = io.GetValueOrDefault("wchar"),
            UserMs = (long)processor.UserTime.TotalMilliseconds,
            SystemMs = (long)processor.PrivilegedTime.TotalMilliseconds,
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
}
