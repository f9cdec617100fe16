using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// A sealed file of messages. The counts are the turn's. A volatile one has no name on the disk and lives as long as
/// its handle; a durable one is opened by the first disk thread that reads it.
/// </summary>
internal sealed class Segment : StoredFile
{
    private readonly IDisk _disk;
    private IDiskFile? _handle;

    public Segment(IDisk disk, long number, string path, bool durable, IDiskFile? handle)
        : base(path)
    {
        _disk = disk;
        _handle = handle;
        Number = number;
        Durable = durable;
    }

    public long Number { get; }

    public bool Durable { get; }

    public override IDiskFile Handle => Volatile.Read(ref _handle) ?? OpenNow();

    /// <summary>The runs in it that hold live messages.</summary>
    public HashSet<Run> Runs { get; } = [];

    /// <summary>Bytes of it that hold records.</summary>
    public long Length { get; set; }

    /// <summary>Messages written to it.</summary>
    public long Count { get; set; }

    /// <summary>Messages not settled.</summary>
    public long Live { get; set; }

    /// <summary>Still grows, or a retirement reads it: it is not given up yet whatever its counts say.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Waits for being copied forward or deleted.</summary>
    public bool IsListed { get; set; }

    public static string NameOf(long number) => $"segment-{number:D12}.seg";

    public static string VolatileNameOf(long number) => $"volatile-{number:D12}.seg";

    /// <summary>A file that should have been unlinked at once.</summary>
    public static bool IsVolatileName(string name) => name.StartsWith("volatile-", StringComparison.Ordinal);

    public static bool TryParseName(string name, out long number)
    {
        number = 0;
        return name.StartsWith("segment-", StringComparison.Ordinal)
            && name.EndsWith(".seg", StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(8, name.Length - 12), out number);
    }

    /// <summary>The open file of a new volatile segment.</summary>
    public void Attach(IDiskFile handle) => Volatile.Write(ref _handle, handle);

    public override void Dispose() => Interlocked.Exchange(ref _handle, null)?.Dispose();

    private IDiskFile OpenNow()
    {
        IDiskFile opened = _disk.Open(Path, DiskOpenMode.Existing);
        if (Interlocked.CompareExchange(ref _handle, opened, null) is not { } first)
            return opened;
        opened.Dispose();
        return first;
    }
}
