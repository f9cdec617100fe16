using Levada.Amqp;
using Levada.Platform;

namespace Levada.Catalog;

/// <summary>
/// Makes changes durable in groups and shows them in the order they were made: whatever gathers while the disk works is
/// the next group. A change without a record is shown at once if nothing durable is ahead of it. The lock is the
/// catalog's; writing runs on the scheduler's disk threads, one group at a time; showing runs on whichever thread finds
/// something to show, one at a time, never under the lock. When the disk is full, what was accepted waits and what
/// would add more is refused, until there is room.
/// </summary>
/// <param name="gate">The catalog's lock.</param>
/// <param name="hooks">What follows a change.</param>
/// <param name="scheduler">Runs the writing.</param>
/// <param name="log">Where records go.</param>
/// <param name="snapshot">
/// Called under the lock: the newest state, to be walked outside it, for writing the log anew.
/// </param>
internal sealed class Commits(
    Lock gate, CatalogHooks hooks, IScheduler scheduler, CatalogLog log, Func<IEnumerable<RecordWriter>> snapshot)
    : IThreadPoolWorkItem
{
    private readonly Queue<Change> _unshown = [];
    private List<RecordWriter> _unwritten = [];
    private long _recordNumber;
    private long _durableNumber;
    private bool _isWriting;
    private bool _isShowing;
    private bool _isFull;
    private bool _hasFailed;
    private TaskCompletionSource? _settled;

    /// <summary>
    /// Before a change that adds something durable. Under the lock; <see cref="Settle"/> must follow.
    /// </summary>
    /// <exception cref="AmqpException">506: the disk is full.</exception>
    public void CheckRoom(uint methodId)
    {
        if (_isFull)
            throw Errors.NoRoomForDefinitions(methodId);
    }

    /// <summary>Under the lock. <see cref="Settle"/> must follow, outside it.</summary>
    public void Add(Change change)
    {
        change.Seal();
        if (!change.Record.IsEmpty)
        {
            change.RecordNumber = ++_recordNumber;
            _unwritten.Add(change.Record);
        }

        _unshown.Enqueue(change);
    }

    /// <summary>
    /// Shows what can be shown and has the rest written; looks for room again if there was none. Outside the lock.
    /// </summary>
    public void Settle()
    {
        bool write;
        lock (gate)
        {
            write = (_unwritten.Count > 0 || _isFull) && !_isWriting;
            if (write)
                _isWriting = true;
        }

        if (write)
            scheduler.RunBlocking(this);
        Show();
    }

    /// <summary>Ends when nothing is on its way: all is written and shown, or there is no room to write it.</summary>
    public Task SettledAsync()
    {
        Settle();
        lock (gate)
        {
            if (!_isWriting || _hasFailed)
                return Task.CompletedTask;
            _settled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _settled.Task;
        }
    }

    /// <summary>Writes groups until there is nothing left to write.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        WriteGroups();
        lock (gate)
        {
            if (!_isWriting || _hasFailed)
                _settled?.TrySetResult();
        }
    }

    private void WriteGroups()
    {
        var lookedForRoom = false;
        while (true)
        {
            List<RecordWriter> group;
            IEnumerable<RecordWriter>? all = null;
            long last;
            lock (gate)
            {
                group = _unwritten;
                last = _recordNumber;
                if (group.Count == 0 && (!_isFull || lookedForRoom))
                {
                    _isWriting = false;
                    return;
                }

                _unwritten = [];
                lookedForRoom = group.Count == 0;
                if (log.WantsRewrite && !lookedForRoom)
                    all = snapshot();
            }

            if (!TryWrite(group, all))
                return;
            lock (gate)
                _durableNumber = last;
            Show();
        }
    }

    private bool TryWrite(List<RecordWriter> group, IEnumerable<RecordWriter>? all)
    {
        try
        {
            if (group.Count > 0 && (all is null || !TryRewrite(all)))
                log.Append(group);
            var isFull = !log.TryReserve();
            lock (gate)
                _isFull = isFull;
            return true;
        }
        catch (DiskFullException)
        {
            lock (gate)
            {
                // Tried again with the next change, or when somebody says that there is room.
                group.AddRange(_unwritten);
                _unwritten = group;
                _isFull = true;
                _isWriting = false;
            }

            return false;
        }
        catch (IOException fault)
        {
            // What is on the disk is not known: nothing is ever written again.
            lock (gate)
                _hasFailed = true;
            hooks.Failed(fault);
            return false;
        }
    }

    // The new log needs room beside the old one. Without it the old one grows on.
    private bool TryRewrite(IEnumerable<RecordWriter> all)
    {
        try
        {
            log.Rewrite(all);
            return true;
        }
        catch (DiskFullException)
        {
            return false;
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

            try
            {
                change.Publish(hooks);
            }
            catch (Exception fault)
            {
                // Everything behind it would wait for ever.
                hooks.Failed(fault);
                throw;
            }
        }
    }
}
