using Levada.Journal;

namespace Levada.Storage;

/// <summary>
/// A slice of the live messages of a window that is being retired: listed on the turn, copied on a disk thread, never
/// both at once.
/// </summary>
internal sealed class RetireBatch
{
    private const int MessagesMax = 10_000;

    private JournalFile? _file;
    private VolatileWindow? _window;

    public List<LiveMessage> Messages { get; } = [];

    /// <summary>Whose messages they are, in the order of the messages.</summary>
    public List<QueueSlice> Queues { get; } = [];

    public bool IsFull => Messages.Count >= MessagesMax;

    /// <summary>Begins anew, for what is in one journal file or in the volatile blocks being retired.</summary>
    public void Start(JournalFile? file, VolatileWindow? window)
    {
        _file = file;
        _window = window;
        Clear();
    }

    public void Clear()
    {
        Messages.Clear();
        Queues.Clear();
    }

    /// <summary>What is added from now on is this queue's and goes to this segment.</summary>
    public void BeginQueue(QueueMessages queue, Segment target) =>
        Queues.Add(new QueueSlice(queue, target, Messages.Count));

    /// <summary>Where the messages of a slice end.</summary>
    public int EndOf(int slice) => slice + 1 < Queues.Count ? Queues[slice + 1].Start : Messages.Count;

    public bool Wants(Location location) => location.Kind switch
    {
        LocationKind.Journal => _file is not null && location.Unit == Location.UnitOf(_file.Number),
        LocationKind.Volatile => _window is not null && _window.IsRetiring(location),
        _ => false,
    };

    public void TryAdd(ulong sequence, in Entry entry)
    {
        if (!Wants(entry.Location))
            return;
        Messages.Add(new LiveMessage(
            sequence, _window?.BytesOf(entry.Location), entry.Location.Offset, entry.BodyBytes, entry.IsShared));
    }

    /// <summary>A message to copy: from memory, or from the journal file if there are no bytes.</summary>
    internal readonly record struct LiveMessage(
        ulong Sequence, byte[]? Block, long Offset, int BodyBytes, bool IsShared);

    internal readonly record struct QueueSlice(QueueMessages Queue, Segment Target, int Start);
}
