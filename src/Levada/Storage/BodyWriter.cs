using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Writes a body to its file as it arrives. Belongs to the channel that receives it, which holds the file until it lets
/// go of the writer; only syncs run elsewhere, one at a time (lock: _lock, a leaf).
/// </summary>
public sealed class BodyWriter : IThreadPoolWorkItem, IDisposable
{
    /// <summary>
    /// After so many bytes a sync begins while more arrives, so that little is left for the last one to wait for.
    /// </summary>
    private const int BytesPerSync = 8 << 20;

    private readonly BodyFiles _files;
    private readonly IDiskFile _handle;
    private readonly Lock _lock = new();
    private long _syncedFrom;
    private bool _isSyncing;
    private Action<IOException?>? _done;
    private volatile IOException? _fault;
    private bool _isDisposed;

    internal BodyWriter(BodyFiles files, BodyFile file, IDiskFile handle)
    {
        _files = files;
        File = file;
        _handle = handle;
    }

    public BodyFile File { get; }

    /// <param name="bytes">What comes next.</param>
    /// <param name="durable">It will be synced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> bytes, bool durable)
    {
        _handle.Write(File.Length, bytes);
        File.Length += bytes.Length;
        if (!durable || File.Length - _syncedFrom < BytesPerSync)
            return;
        _syncedFrom = File.Length;
        RequestSync(null);
    }

    /// <summary>Makes the file and its name durable.</summary>
    /// <param name="done">Hears on a disk thread what was wrong, in any sync of this file; null if nothing.</param>
    public void Sync(Action<IOException?> done) => RequestSync(done);

    private void RequestSync(Action<IOException?>? done)
    {
        lock (_lock)
        {
            _done = done;
            if (_isSyncing)
                return;
            _isSyncing = true;
        }

        _files.Scheduler.RunBlocking(this);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Action<IOException?>? done;
            lock (_lock)
                done = _done;
            SyncNow(isLast: done is not null);
            lock (_lock)
            {
                // Asked for the last one meanwhile: there may be bytes that this one did not see.
                if (!ReferenceEquals(_done, done))
                    continue;
                _isSyncing = false;
            }

            done?.Invoke(_fault);
            return;
        }
    }

    private void SyncNow(bool isLast)
    {
        try
        {
            // The system tells of a lost page once: whoever hears of it first remembers it for the last one.
            _handle.Sync();
            if (isLast)
                _files.SyncFolder();
        }
        catch (IOException e)
        {
            _fault ??= e;
        }
        catch (ObjectDisposedException e)
        {
            // The content was abandoned; whoever still asks is told.
            _fault ??= new IOException("the body was abandoned", e);
        }
    }

    /// <summary>Closes the file and lets go of it: if no message took it, it is deleted.</summary>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _handle.Dispose();
        File.Release();
    }
}
