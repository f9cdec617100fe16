namespace Levada.Storage;

// A priority queue has one of these for each priority that has come up. The highest byte of a sequence is the
// priority, so a message's number says where to look for it: in the journal, in checkpoints, in a client's hands.
public sealed partial class QueueMessages
{
    private const int PriorityShift = 56;

    // Descending by priority; null in a plain queue. Kept by the one of priority 0, which every queue has.
    private List<QueueMessages>? _above;

    /// <summary>The priority of these messages; 0 in a plain queue.</summary>
    public int Priority => (int)(NextSequence >> PriorityShift);

    /// <summary>
    /// The messages of a queue by descending priority, those of priority 0 left out. To be asked of those.
    /// </summary>
    public IReadOnlyList<QueueMessages> Above => _above ?? (IReadOnlyList<QueueMessages>)[];

    /// <summary>
    /// Messages from here on came since the queue was served last. Kept by the queue while messages may expire.
    /// </summary>
    public ulong FreshFrom { get; set; }

    /// <summary>The messages of one priority; made if there were none. To be asked of those of priority 0.</summary>
    public QueueMessages OfPriority(int priority)
    {
        if (priority == 0)
            return this;
        _above ??= [];
        int at = 0;
        while (at < _above.Count && _above[at].Priority > priority)
            at++;
        if (at == _above.Count || _above[at].Priority != priority)
            _above.Insert(at, new QueueMessages(_store, Id, Durable, priority));
        return _above[at];
    }

    /// <summary>Where the message of a sequence is. To be asked of those of priority 0.</summary>
    public QueueMessages Of(ulong sequence) =>
        sequence >> PriorityShift == 0 ? this : OfPriority((int)(sequence >> PriorityShift));

    /// <summary>These and those of all other priorities. To be asked of those of priority 0.</summary>
    internal IEnumerable<QueueMessages> All => Above.Prepend(this);
}
