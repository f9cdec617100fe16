using System.Globalization;

namespace Levada.Platform;

/// <summary>
/// How much memory this process may use: the machine's, or less if a container (control group, v1 or v2) says so.
/// </summary>
internal static class MachineMemory
{
    private const string Groups = "/sys/fs/cgroup";

    /// <summary>Bytes; read anew at each call, because a container's limit may be changed while it runs.</summary>
    public static long AvailableBytes()
    {
        var machine = OperatingSystem.IsLinux() ? ReadMemTotal() : null;
        var available = machine ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (!OperatingSystem.IsLinux() || !File.Exists("/proc/self/cgroup"))
            return available;
        return LowestLimit(File.ReadLines("/proc/self/cgroup"), ReadLimit, available);
    }

    /// <summary>The lowest of what the machine has and what each group above the process allows.</summary>
    /// <param name="groups">Lines of /proc/self/cgroup: number, controllers, path.</param>
    /// <param name="readLimit">The number in a file; null if there is none.</param>
    /// <param name="machine">What the machine has, in bytes.</param>
    internal static long LowestLimit(IEnumerable<string> groups, Func<string, long?> readLimit, long machine)
    {
        var lowest = machine;
        foreach (var line in groups)
        {
            var parts = line.Split(':', 3);
            if (parts.Length < 3)
                continue;
            var isVersion2 = parts[1].Length == 0;
            if (!isVersion2 && !parts[1].Split(',').Contains("memory"))
                continue;
            var (root, file) = isVersion2 ? (Groups, "memory.max") : (Groups + "/memory", "memory.limit_in_bytes");
            // In a container the path may be as the host sees it; its own root is always there.
            for (var path = parts[2].TrimEnd('/'); ; path = path[..path.LastIndexOf('/')])
            {
                lowest = Math.Min(lowest, readLimit($"{root}{path}/{file}") ?? lowest);
                if (path.Length == 0)
                    break;
            }
        }
        return lowest;
    }

    private static long? ReadLimit(string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var limit)
            ? limit : null;

    private static long? ReadMemTotal()
    {
        var line = File.ReadLines("/proc/meminfo")
            .FirstOrDefault(static l => l.StartsWith("MemTotal:", StringComparison.Ordinal));
        var digits = line is null ? "" : new string([.. line.Where(char.IsAsciiDigit)]);
        return long.TryParse(digits, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : null;
    }
}
