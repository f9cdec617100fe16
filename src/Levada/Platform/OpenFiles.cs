using System.Diagnostics;
using System.Globalization;

namespace Levada.Platform;

/// <summary>The file descriptors of this process: each file and each socket is one.</summary>
public static class OpenFiles
{
    private const string Folder = "/proc/self/fd";

    /// <summary>How many there may be; 0 if unknown or without a limit.</summary>
    public static long Max { get; } = ReadMax();

    /// <summary>How many there are.</summary>
    public static long Count()
    {
        if (!OperatingSystem.IsLinux())
        {
            using var process = Process.GetCurrentProcess();
            return process.HandleCount;
        }
        // The size of this folder is their number since Linux 6.2. Before, each has to be looked at: 2 µs for each.
        return LinuxStatus.Size(Folder) is > 0 and var count
            ? count : Directory.EnumerateFileSystemEntries(Folder).Count();
    }

    // "Max open files   1024   524288   files"
    private static long ReadMax()
    {
        if (!OperatingSystem.IsLinux())
            return 0;
        var line = File.ReadLines("/proc/self/limits")
            .FirstOrDefault(static l => l.StartsWith("Max open files", StringComparison.Ordinal));
        var words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words is { Length: > 3 } && long.TryParse(words[3], CultureInfo.InvariantCulture, out var max) ? max : 0;
    }
}
