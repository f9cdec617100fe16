using System.Diagnostics;
using Levada.Metrics;
using Levada.Platform;
using Levada.Storage;

namespace Levada.Journal;

/// <summary>
/// The flusher: writes the groups that the turns hand over and makes them durable. Whatever gathers during a sync is
/// the next group commit. One lock guards what both sides touch; the rest belongs to whoever has set _running.
/// </summary>
internal sealed class GroupCommit : IThreadPoolWorkItem, IDisposable
{
    private readonly Lock _lock = new();
    private readonly StoreOptions _options;
    private readonly IScheduler _scheduler;
    private readonly ShardFolder _folder;
    private readonly StoreCounters _counters;
    private readonly OneShotTimer _writeTimer;
    private readonly OneShotTimer _syncTimer;
    private readonly OneShotTimer _retryTimer;

    // Under the lock.
    private List<JournalPiece> _gathered = [];
    private long _gatheredBytes;
    private long _gatheredIndex;
    private bool _writeWanted;
    private bool _syncWanted;
    private bool _running;
    private bool _writes;
    private bool _stalled;
    private bool _closed;

    // The flusher's.
    private readonly List<JournalFile> _unsynced = [];
    private List<JournalPiece> _writing = [];
    private bool _toldStalled;
    private long _unsyncedBytes;
    private int _tellingThread;
    private long _durableIndex;

    public GroupCommit(StoreOptions options, IScheduler scheduler, ShardFolder folder, StoreCounters counters)
    {
        _counters = counters;
        _options = options;
        _scheduler = scheduler;
        _folder = folder;
        _writeTimer = new OneShotTimer(options.Time, () => Want(sync: false));
        _syncTimer = new OneShotTimer(options.Time, OnSyncTime);
        _retryTimer = new OneShotTimer(options.Time, Retry);
    }

    /// <summary>Called on a disk thread after the durable index has moved.</summary>
    public Action? Durable { get; set; }

    /// <summary>Called on any thread a while after a commit that nothing has followed.</summary>
    public Action? Quiet { get; set; }

    /// <summary>Called on a disk thread after <see cref="IsStalled"/> has changed.</summary>
    public Action? Stalled { get; set; }

    /// <summary>Everything up to here is on disk. Any thread.</summary>
    public long DurableIndex => Volatile.Read(ref _durableIndex);

    /// <summary>There is no room for what was handed over. Any thread.</summary>
    public bool IsStalled => Volatile.Read(ref _toldStalled);

    /// <summary>Before the first group: what an earlier run left is on disk up to here.</summary>
    public void StartAt(long durableIndex) => _durableIndex = _gatheredIndex = durableIndex;

    /// <summary>Takes a turn's groups. Called on the turn.</summary>
    public void Add(ReadOnlySpan<JournalPiece> pieces, long lastIndex, bool somebodyWaits)
    {
        bool start;
        lock (_lock)
        {
            foreach (JournalPiece piece in pieces)
            {
                _gathered.Add(piece);
                _gatheredBytes += piece.To - piece.From;
            }

            _gatheredIndex = lastIndex;
            _syncWanted |= somebodyWaits;
            _writeWanted |= _gatheredBytes >= _options.GroupBytes;
            start = TryStart();
        }

        if (start)
            _scheduler.RunBlocking(this);
        else if (!somebodyWaits)
            _writeTimer.Arm(_options.WriteDelay);
    }

    public void Execute()
    {
        while (TakeWork(out long target, out bool sync))
        {
            if (!TryWrite(sync))
                return;
            if (!sync)
            {
                _syncTimer.Arm(_options.SyncDelay);
                continue;
            }

            bool moved = target != DurableIndex;
            Volatile.Write(ref _durableIndex, target);
            _syncTimer.Arm(_options.SyncDelay);
            if (moved)
                TellDurable();
        }
    }

    /// <summary>Whatever was handed over is to be on the disk soon. Any thread.</summary>
    public void WantSync() => Want(sync: true);

    /// <summary>
    /// After the last turn: ends what runs, then writes and syncs the rest on this thread. False if it could not. A run
    /// that no thread has begun is not waited for: there may be no thread for it.
    /// </summary>
    public bool Drain()
    {
        lock (_lock)
            _closed = true;
        SpinWait.SpinUntil(() =>
        {
            lock (_lock)
                return !_writes || Volatile.Read(ref _tellingThread) == Environment.CurrentManagedThreadId;
        });
        long target;
        lock (_lock)
            target = SwapGathered();
        if (!TryWrite(sync: true))
            return false;
        Volatile.Write(ref _durableIndex, target);
        return true;
    }

    public void Dispose()
    {
        lock (_lock)
            _closed = true;
        _writeTimer.Dispose();
        _syncTimer.Dispose();
        _retryTimer.Dispose();
    }

    private void Want(bool sync)
    {
        bool start;
        lock (_lock)
        {
            _writeWanted |= _gathered.Count > 0;
            _syncWanted |= sync;
            start = TryStart();
        }

        if (start)
            _scheduler.RunBlocking(this);
    }

    private void OnSyncTime()
    {
        bool isQuiet;
        lock (_lock)
            isQuiet = !_running && !_stalled && _gatheredIndex == DurableIndex;
        if (isQuiet)
            Quiet?.Invoke();
        else
            Want(sync: true);
    }

    private void Retry()
    {
        lock (_lock)
            _stalled = false;
        Want(sync: false);
    }

    /// <summary>May run a turn on this thread, even the one that stops the store.</summary>
    private void TellDurable()
    {
        Volatile.Write(ref _tellingThread, Environment.CurrentManagedThreadId);
        Durable?.Invoke();
        Volatile.Write(ref _tellingThread, 0);
    }

    /// <summary>Under the lock.</summary>
    private bool TryStart()
    {
        if (_running || _stalled || _closed || !(_writeWanted || _syncWanted))
            return false;
        return _running = true;
    }

    private bool TakeWork(out long target, out bool sync)
    {
        lock (_lock)
        {
            sync = _syncWanted;
            target = 0;
            if (_closed || !(_writeWanted || _syncWanted))
            {
                _running = _writes = false;
                return false;
            }

            _writes = true;
            _writeWanted = _syncWanted = false;
            target = SwapGathered();
            return true;
        }
    }

    /// <summary>Under the lock: what gathered follows what an earlier attempt could not write.</summary>
    private long SwapGathered()
    {
        if (_writing.Count == 0)
        {
            (_writing, _gathered) = (_gathered, _writing);
        }
        else
        {
            _writing.AddRange(_gathered);
            _gathered.Clear();
        }

        _gatheredBytes = 0;
        return _gatheredIndex;
    }

    /// <summary>Writes what was taken, and syncs if asked to. False: it must be tried again, or never.</summary>
    private bool TryWrite(bool sync)
    {
        try
        {
            Write();
            if (sync)
                Sync();
        }
        catch (DiskFullException)
        {
            Stall(sync);
            return false;
        }
        catch (IOException e)
        {
            // The page cache may now show bytes that the disk does not have, so nothing may follow them.
            _options.Fatal("The journal could not be written or synced; nothing after it could be trusted.", e);
            return false;
        }

        if (_toldStalled)
        {
            Volatile.Write(ref _toldStalled, false);
            Stalled?.Invoke();
        }

        return true;
    }

    private void Write()
    {
        int done = 0;
        try
        {
            for (; done < _writing.Count; done++)
            {
                (JournalChunk chunk, int from, int to) = _writing[done];
                JournalFile file = chunk.File;
                if (!file.IsOpen)
                    file.Attach(_folder.CreateJournalFile(file.Path, _options.JournalFileBytes));
                if (!_unsynced.Contains(file))
                    _unsynced.Add(file);
                file.Handle.Write(chunk.Base + from, chunk.Bytes.AsSpan(from, to - from));
                chunk.Written = to;
                _counters.AddJournalBytes(to - from);
                _unsyncedBytes += to - from;
            }
        }
        finally
        {
            _writing.RemoveRange(0, done);
        }
    }

    private void Sync()
    {
        foreach (JournalFile file in _unsynced)
        {
            long started = Stopwatch.GetTimestamp();
            file.Handle.Sync();
            _counters.AddSync();
            PathTimings.AddSince(_options.Timings.Sync, started);
        }

        if (_unsynced.Count > 0)
            _options.Timings.SyncBytes.Add(_unsyncedBytes);
        _unsyncedBytes = 0;

        _unsynced.Clear();
    }

    /// <summary>
    /// No room although the file's space was reserved, or no room for the file: waits and tries again.
    /// </summary>
    private void Stall(bool sync)
    {
        lock (_lock)
        {
            _stalled = true;
            _running = _writes = false;
            _writeWanted = true;
            _syncWanted |= sync;
        }

        _retryTimer.Arm(_options.DiskRetryDelay);
        if (_toldStalled)
            return;
        Volatile.Write(ref _toldStalled, true);
        Stalled?.Invoke();
    }
}
