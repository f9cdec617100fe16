using Levada.Platform;

namespace Levada.Tests.Simulation;

/// <summary>
/// A disk in memory that does what disks do on bad days: a crash forgets what was not synced, page by page and name by
/// name, a sync fails, the space runs out, bits flip at rest. Everything it decides comes from its random numbers.
/// </summary>
internal sealed class SimulatedDisk(Dice dice) : IDisk
{
    private readonly Dictionary<string, Folder> _folders = [];
    private readonly List<SimulatedFile> _all = [];
    private readonly Dictionary<SimulatedFile, HashSet<long>> _forgotten = [];
    private int _life;

    /// <summary>Size of the disk, in bytes.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue / 2;

    /// <summary>After so many syncs from now one fails; never if negative.</summary>
    public int SyncsUntilFailure { get; set; } = -1;

    /// <summary>Files and folders synced so far.</summary>
    public long Syncs { get; private set; }

    public long Writes { get; private set; }

    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        Folder folder = FolderOf(path);
        string name = Path.GetFileName(path);
        if (!folder.Seen.TryGetValue(name, out SimulatedFile? file))
        {
            if (mode == DiskOpenMode.Existing)
                throw new FileNotFoundException(path);
            _all.Add(file = new SimulatedFile(this));
            if (mode != DiskOpenMode.Unlinked)
                folder.Change(names => names[name] = file);
        }
        else if (mode is DiskOpenMode.Create or DiskOpenMode.Unlinked)
        {
            file.SetLength(0);
            if (mode == DiskOpenMode.Unlinked)
                folder.Change(names => names.Remove(name));
        }

        return new Handle(this, file);
    }

    public bool Exists(string path) =>
        _folders.TryGetValue(Path.GetDirectoryName(path)!, out Folder? folder)
        && folder.Seen.ContainsKey(Path.GetFileName(path));

    public IReadOnlyList<string> List(string folder) =>
        _folders.TryGetValue(folder, out Folder? found) ? [.. found.Seen.Keys.Order(StringComparer.Ordinal)] : [];

    public void CreateFolder(string path) => _folders.TryAdd(path, new Folder());

    public void Delete(string path)
    {
        if (!FolderOf(path).Seen.TryGetValue(Path.GetFileName(path), out SimulatedFile? file))
            return;
        FolderOf(path).Change(names => names.Remove(Path.GetFileName(path)));
        DropIfUnused(file);
    }

    public void Rename(string from, string to)
    {
        SimulatedFile file = FolderOf(from).Seen[Path.GetFileName(from)];
        FolderOf(from).Change(names =>
        {
            names.Remove(Path.GetFileName(from));
            names[Path.GetFileName(to)] = file;
        });
    }

    public void SyncFolder(string path)
    {
        if (!CountSync())
            throw new IOException("the simulated disk failed to sync a folder");
        if (_folders.TryGetValue(path, out Folder? folder))
            folder.Sync();
    }

    public long FreeBytes(string folder) => CapacityBytes - _all.Sum(file => file.AllocatedBytes);

    /// <summary>The power goes: handles are dead, what was not synced is there or not.</summary>
    public void Crash()
    {
        _life++;
        _all.ForEach(file => file.Handles = 0);
        foreach (Folder folder in _folders.Values)
            folder.Crash(dice);
        DropUnnamed();
        foreach (SimulatedFile file in _all)
            file.Crash(dice, _forgotten.GetValueOrDefault(file, []));
        _forgotten.Clear();
    }

    /// <summary>Only the process dies: all that was written stays, handles are dead.</summary>
    public void Kill()
    {
        _life++;
        _all.ForEach(file => file.Handles = 0);
        DropUnnamed();
    }

    /// <summary>A bit of a named file decays; false if the file is empty.</summary>
    public bool FlipBit(string path)
    {
        SimulatedFile file = FolderOf(path).Seen[Path.GetFileName(path)];
        if (file.Length == 0)
            return false;
        file.FlipBit(dice.Next(file.Length), dice.Next(8));
        return true;
    }

    public void FlipBit(string path, long offset) =>
        FolderOf(path).Seen[Path.GetFileName(path)].FlipBit(offset, dice.Next(8));

    /// <summary>A page of a failed sync: it may never get to the disk.</summary>
    internal void Forget(SimulatedFile file, long page)
    {
        if (!_forgotten.TryGetValue(file, out HashSet<long>? pages))
            _forgotten.Add(file, pages = []);
        pages.Add(page);
    }

    private bool CountSync()
    {
        Syncs++;
        if (SyncsUntilFailure < 0 || --SyncsUntilFailure >= 0)
            return true;
        return false;
    }

    private void DropUnnamed() => _all.RemoveAll(file => !IsNamed(file));

    /// <summary>Without a name and not open a file gives its space back.</summary>
    private void DropIfUnused(SimulatedFile file)
    {
        if (file.Handles == 0 && !IsNamed(file))
            _all.Remove(file);
    }

    private bool IsNamed(SimulatedFile file) => _folders.Values.Any(folder => folder.Seen.ContainsValue(file));

    private Folder FolderOf(string path) =>
        _folders.TryGetValue(Path.GetDirectoryName(path)!, out Folder? folder)
            ? folder
            : throw new DirectoryNotFoundException(path);

    /// <summary>Names as reads see them, and as they are on the disk followed by changes in their order.</summary>
    private sealed class Folder
    {
        private readonly List<Action<Dictionary<string, SimulatedFile>>> _unsynced = [];
        private Dictionary<string, SimulatedFile> _durable = [];

        public Dictionary<string, SimulatedFile> Seen { get; private set; } = [];

        public void Change(Action<Dictionary<string, SimulatedFile>> change)
        {
            change(Seen);
            _unsynced.Add(change);
        }

        public void Sync()
        {
            _durable = new(Seen);
            _unsynced.Clear();
        }

        public void Crash(Dice dice)
        {
            int survive = dice.Next(_unsynced.Count + 1);
            foreach (Action<Dictionary<string, SimulatedFile>> change in _unsynced.Take(survive))
                change(_durable);
            Seen = new(_durable);
            _unsynced.Clear();
        }
    }

    private sealed class Handle : IDiskFile
    {
        private readonly SimulatedDisk _disk;
        private readonly SimulatedFile _file;
        private readonly int _life;
        private bool _closed;

        public Handle(SimulatedDisk disk, SimulatedFile file)
        {
            _disk = disk;
            _file = file;
            _life = disk._life;
            file.Handles++;
        }

        public long Length => Alive().Length;

        public int Read(long offset, Span<byte> buffer) => Alive().Read(offset, buffer);

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            _disk.Writes++;
            Alive().Write(offset, bytes);
        }

        public void SetLength(long bytes) => Alive().SetLength(bytes);

        public void Allocate(long offset, long bytes) => Alive().Allocate(offset, bytes);

        public void Sync()
        {
            if (_disk.CountSync())
            {
                Alive().Sync();
                return;
            }

            Alive().FailSync();
            throw new IOException("the simulated disk failed to sync");
        }

        public void Dispose()
        {
            if (_closed)
                return;
            _closed = true;
            _file.Handles--;
            _disk.DropIfUnused(_file);
        }

        private SimulatedFile Alive() => _life == _disk._life && !_closed
            ? _file
            : throw new IOException("this file was closed, or open in a process that is dead");
    }
}
