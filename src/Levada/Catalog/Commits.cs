using Levada.Platform;

namespace Levada.Catalog;

/// <summary>
/// Makes changes durable in groups and shows them in the order they were made: whatever gathers while the disk works is
/// the next group. A change without a record is shown at once if nothing durable is ahead of it. The lock is the
/// catalog's; writing runs on the scheduler's disk threads, one group at a time; showing runs on whichever thread finds
/// something to show, one at a time, never under the lock.
/// </summary>
internal sealed class Commits(Lock gate, CatalogHooks hooks, IScheduler scheduler) : IThreadPoolWorkItem
{
    private readonly Queue<Change> _unshown = [];
    private List<RecordWriter> _unwritten = [];
    private CatalogLog? _log;
    private long _recordNumber;
    private long _durableNumber;
    private bool _isWriting;
    private bool _isShowing;

    /// <summary>Changes are recorded from now on; those before came from the log.</summary>
    public void Start(CatalogLog log) => _log = log;

    /// <summary>Under the lock. <see cref="Settle"/> must follow, outside it.</summary>
    public void Add(Change change)
    {
        change.Seal();
        if (!change.Record.IsEmpty && _log is not null)
        {
            change.RecordNumber = ++_recordNumber;
            _unwritten.Add(change.Record);
        }

        _unshown.Enqueue(change);
    }

    /// <summary>Shows what can be shown and has the rest written. Outside the lock.</summary>
    public void Settle()
    {
        bool write;
        lock (gate)
        {
            write = _unwritten.Count > 0 && !_isWriting;
            if (write)
                _isWriting = true;
        }

        if (write)
            scheduler.RunBlocking(this);
        Show();
    }

    /// <summary>Writes groups until there is nothing left to write.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            List<RecordWriter> group;
            long last;
            lock (gate)
            {
                group = _unwritten;
                last = _recordNumber;
                if (group.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                _unwritten = [];
            }

            try
            {
                _log!.Append(group);
            }
            catch (IOException fault)
            {
                hooks.Failed(fault);
                return;
            }

            lock (gate)
                _durableNumber = last;
            Show();
        }
    }

    private void Show()
    {
        lock (gate)
        {
            // Whoever shows now will come to what was added meanwhile; so a callback that makes a change does not nest.
            if (_isShowing)
                return;
            _isShowing = true;
        }

        while (true)
        {
            Change? change;
            lock (gate)
            {
                if (!_unshown.TryPeek(out change) || change.RecordNumber > _durableNumber)
                {
                    _isShowing = false;
                    return;
                }

                _unshown.Dequeue();
            }

            change.Publish(hooks);
        }
    }
}
