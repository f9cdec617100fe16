using Levada.Platform;

namespace Levada.Offline;

/// <summary>
/// The operating system's files, of which nothing is changed: what is written, renamed or deleted is so in memory only.
/// So a data folder can be opened just as a broker opens it, and stays as it is. Any thread.
/// </summary>
internal sealed class UnchangedDisk : IDisk, IDisposable
{
    private readonly Lock _lock = new();

    // Under the lock: what was opened or changed; null if it is deleted.
    private readonly Dictionary<string, UnchangedFile?> _files = [];
    private readonly List<string> _deleted = [];
    private long _bytesRead;

    /// <summary>What was read of the real files so far, in bytes.</summary>
    public long BytesRead => Interlocked.Read(ref _bytesRead);

    /// <summary>Files that are there and that whoever opened the folder would have deleted or renamed.</summary>
    public IReadOnlyList<string> Deleted
    {
        get
        {
            lock (_lock)
                return [.. _deleted];
        }
    }

    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        lock (_lock)
        {
            if (mode == DiskOpenMode.Unlinked)
                return new UnchangedFile(null, CountRead);
            var isKnown = _files.TryGetValue(path, out var file);
            var isThere = isKnown ? file is not null : File.Exists(path);
            if (mode == DiskOpenMode.Existing && !isThere)
                throw new FileNotFoundException($"{path} is not there", path);
            if (mode == DiskOpenMode.Create || !isThere)
                return _files[path] = new UnchangedFile(null, CountRead);
            return file ?? (_files[path] = new UnchangedFile(path, CountRead))!;
        }
    }

    public bool Exists(string path)
    {
        lock (_lock)
            return _files.TryGetValue(path, out var file) ? file is not null : File.Exists(path);
    }

    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            var names = Directory.Exists(folder)
                ? Directory.EnumerateFiles(folder).Select(static p => Path.GetFileName(p)).ToHashSet()
                : [];
            foreach (var (path, file) in _files.Where(f => Path.GetDirectoryName(f.Key) == folder))
            {
                if (file is null)
                    names.Remove(Path.GetFileName(path));
                else
                    names.Add(Path.GetFileName(path));
            }
            return [.. names];
        }
    }

    public void CreateFolder(string path)
    {
        // Files in it are there without it.
    }

    public void Delete(string path)
    {
        lock (_lock)
        {
            if (File.Exists(path) && !(_files.TryGetValue(path, out var known) && known is null))
                _deleted.Add(path);
            _files[path] = null;
        }
    }

    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            var file = (UnchangedFile)Open(from, DiskOpenMode.Existing);
            if (File.Exists(from))
                _deleted.Add(from);
            _files[from] = null;
            _files[to] = file;
        }
    }

    public void SyncFolder(string path)
    {
        // Nothing in it has changed.
    }

    public long FreeBytes(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _files.Values)
                file?.Close();
        }
    }

    private void CountRead(long bytes) => Interlocked.Add(ref _bytesRead, bytes);
}
