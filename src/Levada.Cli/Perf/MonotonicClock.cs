using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Levada.Cli.Perf;

/// <summary>
/// The clock of all measurements, and a sleep that is as fine: Thread.Sleep knows only milliseconds, which at a given
/// rate would be measured as latency of the broker.
/// </summary>
internal static partial class MonotonicClock
{
    private const int ClockMonotonic = 1;
    private const int AbsoluteTime = 1;

    /// <summary>Nanoseconds of the monotonic clock, which all processes of a machine share.</summary>
    public static long Now => Stopwatch.Frequency == 1_000_000_000
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    /// <summary>Returns at this time of <see cref="Now"/> or a little earlier.</summary>
    public static void SleepUntil(long nanoseconds)
    {
        var wait = nanoseconds - Now;
        if (wait <= 0) return;
        if (!OperatingSystem.IsLinux())
        {
            Thread.Sleep((int)Math.Ceiling(wait / 1e6));
            return;
        }
        var until = new TimeSpec(nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
        // A signal ends it early; being early once is harmless, callers look at the clock again.
        _ = ClockNanosleep(ClockMonotonic, AbsoluteTime, in until, 0);
    }

    [LibraryImport("libc", EntryPoint = "clock_nanosleep")]
    private static partial int ClockNanosleep(int clock, int flags, in TimeSpec request, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec(long seconds, long nanoseconds)
    {
        public readonly nint Seconds = (nint)seconds;
        public readonly nint Nanoseconds = (nint)nanoseconds;
    }
}
