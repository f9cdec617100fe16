using System.Runtime.InteropServices;
using Perfolizer.Horology;

namespace Levada.Bench;

/// <summary>
/// The processor time that this process has used, all its threads together. Unlike the time of day it stays still while
/// others have the machine, and it is what the broker is measured by.
/// </summary>
internal sealed partial class ProcessorClock : IClock
{
    private const int ProcessClock = 2;

    public string Title => "processor time";

    public bool IsAvailable => OperatingSystem.IsLinux();

    public Frequency Frequency => new(1_000_000_000);

    public long GetTimestamp()
    {
        if (GetTime(ProcessClock, out var time) != 0)
            throw new InvalidOperationException("the system has no clock for processor time");
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
