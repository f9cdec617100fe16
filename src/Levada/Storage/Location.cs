namespace Levada.Storage;

/// <summary>Where a message's bytes are, in 8 bytes. The default value is nowhere.</summary>
internal readonly record struct Location
{
    private const int KindShift = 62, UnitShift = 36;
    private const ulong OffsetMask = (1ul << UnitShift) - 1;
    private const ulong UnitMask = (1ul << (KindShift - UnitShift)) - 1;

    private readonly ulong _value;

    private Location(LocationKind kind, ulong unit, ulong offset) =>
        _value = ((ulong)kind << KindShift) | ((unit & UnitMask) << UnitShift) | offset;

    public LocationKind Kind => (LocationKind)(_value >> KindShift);

    public bool IsNone => _value == 0;

    /// <summary>
    /// Number of the volatile block, or of the journal file modulo 2^26; 1 for a durable run, else 0.
    /// </summary>
    public int Unit => (int)((_value >> UnitShift) & UnitMask);

    /// <summary>In a window: the journal or a volatile block.</summary>
    public bool IsInWindow => Kind is LocationKind.Journal or LocationKind.Volatile;

    /// <summary>In the journal or in a durable segment.</summary>
    public bool IsDurable => Kind == LocationKind.Journal || (Kind == LocationKind.Run && Unit == 1);

    /// <summary>Offset in the block or file, in bytes; below 64 GiB.</summary>
    public long Offset => (long)(_value & OffsetMask);

    public static Location InVolatile(int block, int offset) => new(LocationKind.Volatile, (ulong)block, (ulong)offset);

    public static Location InJournal(long file, long offset) => new(LocationKind.Journal, (ulong)file, (ulong)offset);

    /// <summary>In a segment: its place is looked up in the queue's runs by sequence.</summary>
    public static Location InRun(bool durable) => new(LocationKind.Run, durable ? 1ul : 0, 0);

    /// <summary>A unit as <see cref="Unit"/> returns it.</summary>
    public static int UnitOf(long fileNumber) => (int)((ulong)fileNumber & UnitMask);
}

/// <summary>The kinds of place a message can be in.</summary>
internal enum LocationKind
{
    None,
    Volatile,
    Journal,
    Run,
}
