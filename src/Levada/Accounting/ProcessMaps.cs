using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace Levada.Accounting;

/// <summary>
/// The resident memory of this process by what is mapped, from /proc/self/smaps. Elsewhere than on Linux there is no
/// such list and all is zero but the heap.
/// </summary>
internal sealed class ProcessMaps
{
    private const long ArenaBytes = 64L << 20;
    private const long RegionBytes = 2L << 20;
    private const long GuardBytesMax = 64L << 10;

    /// <summary>Libraries and executables.</summary>
    public long Images { get; private set; }

    /// <summary>Code made at run time, and what the runtime knows of types and methods.</summary>
    public long Code { get; private set; }

    /// <summary>What libraries in C and the runtime itself take by malloc.</summary>
    public long NativeHeap { get; private set; }

    public long Stacks { get; private set; }

    /// <summary>Pages of the collector's heap that are in memory, used or not.</summary>
    public long Heap { get; private set; }

    /// <summary>Everything else that is mapped: tables of the collector and of the runtime.</summary>
    public long Other { get; private set; }

    public long Total => Images + Code + NativeHeap + Stacks + Heap + Other;

    /// <exception cref="IOException">The system does not tell.</exception>
    public static ProcessMaps Read()
    {
        var maps = new ProcessMaps();
        if (OperatingSystem.IsLinux())
            maps.Add(ReadMappings());
        else
            maps.Heap = Environment.WorkingSet;
        return maps;
    }

    private void Add(List<Mapping> mappings)
    {
        var (heapFirst, heapLast) = FindHeap(mappings, AddressOnHeap());
        for (var i = 0; i < mappings.Count; i++)
        {
            var map = mappings[i];
            if (map.Kind == MappingKind.Image)
                Images += map.Resident;
            else if (map.Kind == MappingKind.Code)
                Code += map.Resident;
            else if (map.Kind == MappingKind.Brk || IsArena(mappings, i))
                NativeHeap += map.Resident;
            else if (map.Kind == MappingKind.Stack || IsStack(mappings, i))
                Stacks += map.Resident;
            else if (i >= heapFirst && i <= heapLast)
                Heap += map.Resident;
            else
                Other += map.Resident;
        }
    }

    // The collector reserves one range of addresses and never leaves it: the mappings around any object.
    private static (int First, int Last) FindHeap(List<Mapping> mappings, ulong address)
    {
        var inside = mappings.FindIndex(m => address >= m.From && address < m.To);
        if (inside < 0)
            return (0, -1);
        var (first, last) = (inside, inside);
        while (first > 0 && Touches(mappings[first - 1], mappings[first]))
            first--;
        while (last + 1 < mappings.Count && Touches(mappings[last], mappings[last + 1]))
            last++;
        return (first, last);

        static bool Touches(in Mapping a, in Mapping b) =>
            a.To == b.From && a.Kind == MappingKind.Anonymous && b.Kind == MappingKind.Anonymous;
    }

    private static unsafe ulong AddressOnHeap()
    {
        object somewhere = new List<Mapping>();
        return (ulong)*(nint*)Unsafe.AsPointer(ref somewhere);
    }

    // glibc's arenas begin at multiples of 64 MiB and are that long, the unused rest without access.
    private static bool IsArena(List<Mapping> mappings, int at)
    {
        var map = mappings[at];
        if (map.Kind != MappingKind.Anonymous || !map.IsWritable || map.From % ArenaBytes != 0)
            return false;
        var end = at + 1 < mappings.Count && mappings[at + 1] is { IsWritable: false } rest && rest.From == map.To
            ? rest.To : map.To;
        return end - map.From == ArenaBytes;
    }

    // A thread's stack has a page without access below it; regions of the collector's heap begin at even addresses.
    private static bool IsStack(List<Mapping> mappings, int at)
    {
        var map = mappings[at];
        return at > 0 && map.Kind == MappingKind.Anonymous && map.IsWritable && map.From % RegionBytes != 0
            && mappings[at - 1] is { Kind: MappingKind.Anonymous, IsWritable: false } guard && guard.To == map.From
            && guard.To - guard.From <= GuardBytesMax;
    }

    // Piece by piece: there are hundreds of kilobytes of it, which the reader itself must not add to the sum.
    private static List<Mapping> ReadMappings()
    {
        var mappings = new List<Mapping>(512);
        using var file = File.OpenHandle("/proc/self/smaps");
        var buffer = new byte[32 << 10];
        var (offset, used) = (0L, 0);
        while (RandomAccess.Read(file, buffer.AsSpan(used), offset) is > 0 and var read)
        {
            offset += read;
            used += read;
            var end = buffer.AsSpan(0, used).LastIndexOf((byte)'\n') + 1;
            foreach (var range in buffer.AsSpan(0, end).Split((byte)'\n'))
                ReadLine(buffer.AsSpan(0, end)[range], mappings);
            buffer.AsSpan(end, used - end).CopyTo(buffer);
            used -= end;
        }
        return mappings;
    }

    private static void ReadLine(ReadOnlySpan<byte> line, List<Mapping> mappings)
    {
        if (line.StartsWith("Rss:"u8))
            mappings[^1] = mappings[^1] with { Resident = Kilobytes(line[4..]) << 10 };
        else if (line.Length > 0 && line[0] is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))
            mappings.Add(ParseHead(line));
    }

    // 7f780d800000-7f780d961000 rw-p 00000000 00:00 0    /path
    private static Mapping ParseHead(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out ulong from, out var used, 'x')
            || !Utf8Parser.TryParse(line[(used + 1)..], out ulong to, out var more, 'x'))
        {
            throw new IOException("/proc/self/smaps has a line of an unknown form");
        }
        var access = line[(used + more + 2)..];
        var slash = line.IndexOfAny((byte)'/', (byte)'[');
        return new Mapping(from, to, access[1] == 'w', KindOf(access, slash < 0 ? [] : line[slash..]), Resident: 0);
    }

    private static MappingKind KindOf(ReadOnlySpan<byte> access, ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("/memfd:doublemapper"u8))
            return MappingKind.Code;
        if (name.StartsWith("[heap]"u8))
            return MappingKind.Brk;
        if (name.StartsWith("[stack]"u8))
            return MappingKind.Stack;
        if (name.StartsWith("/"u8))
            return MappingKind.Image;
        if (name.StartsWith("[v"u8))
            return MappingKind.Kernel;
        return access[2] == 'x' ? MappingKind.Code : MappingKind.Anonymous;
    }

    private static long Kilobytes(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text.TrimStart((byte)' '), out long kilobytes, out _) ? kilobytes : 0;

    private enum MappingKind
    {
        Anonymous,
        Image,
        Code,
        Brk,
        Stack,
        Kernel,
    }

    private readonly record struct Mapping(ulong From, ulong To, bool IsWritable, MappingKind Kind, long Resident);
}
