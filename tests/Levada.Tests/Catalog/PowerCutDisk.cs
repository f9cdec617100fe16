using Levada.Platform;

namespace Levada.Tests.Catalog;

/// <summary>
/// A disk in memory that can lose its power: then every 64 octets written since the last sync are there or not by a
/// coin, and so are renames and new names since the folder was synced (a rename goes as a whole).
/// </summary>
internal sealed class PowerCutDisk : IDisk
{
    private const int Page = 64;

    private readonly Lock _lock = new();
    private Dictionary<string, Content> _names = [];
    private Dictionary<string, Content> _durableNames = [];

    /// <summary>Octets that files may still grow by.</summary>
    public long Free { get; set; } = long.MaxValue;

    /// <summary>What the next sync throws.</summary>
    public IOException? FailSync { get; set; }

    public int Syncs { get; private set; }

    /// <summary>Syncs wait here while it is closed.</summary>
    public ManualResetEventSlim Gate { get; } = new(initialState: true);

    public byte[] this[string path]
    {
        get => [.. _names[path].Now];
        set => _names[path] = _durableNames[path] = new Content { Now = [.. value], Synced = [.. value] };
    }

    public void Crash(Random coin)
    {
        lock (_lock)
        {
            _names = coin.Next(2) == 0 ? new(_durableNames) : _names;
            foreach (var content in _names.Values.Distinct())
                content.Crash(coin);
            _durableNames = new(_names);
        }
    }

    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        lock (_lock)
        {
            if (mode == DiskOpenMode.Create || (mode == DiskOpenMode.OpenOrCreate && !_names.ContainsKey(path)))
                _names[path] = new Content();
            if (!_names.TryGetValue(path, out var content))
                throw new FileNotFoundException(path);
            return new OpenFile(this, content);
        }
    }

    public bool Exists(string path) => _names.ContainsKey(path);

    public IReadOnlyList<string> List(string folder) =>
        [.. _names.Keys.Where(name => Path.GetDirectoryName(name) == folder).Select(name => Path.GetFileName(name))];

    public void CreateFolder(string path)
    {
    }

    public void Delete(string path) => _names.Remove(path);

    public void Rename(string from, string to)
    {
        _names.Remove(from, out var content);
        _names[to] = content!;
    }

    public void SyncFolder(string path) => _durableNames = new(_names);

    public long FreeBytes(string folder) => Free;

    private sealed class Content
    {
        public byte[] Now { get; set; } = [];

        public byte[] Synced { get; set; } = [];

        public void Crash(Random coin)
        {
            var length = Synced.Length;
            if (Now.Length > length)
                length += coin.Next(Now.Length - length + 1);
            var after = Synced;
            Array.Resize(ref after, length);
            for (var at = 0; at < Math.Min(Now.Length, length); at += Page)
            {
                var page = Math.Min(Page, Math.Min(Now.Length, length) - at);
                if (coin.Next(2) == 0)
                    Now.AsSpan(at, page).CopyTo(after.AsSpan(at));
            }

            Now = after;
            Synced = [.. after];
        }
    }

    private sealed class OpenFile(PowerCutDisk disk, Content content) : IDiskFile
    {
        public long Length => content.Now.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var count = (int)Math.Clamp(content.Now.Length - offset, 0, buffer.Length);
            content.Now.AsSpan((int)Math.Min(offset, content.Now.Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            Grow(offset + bytes.Length);
            bytes.CopyTo(content.Now.AsSpan((int)offset));
        }

        public void SetLength(long bytes) => throw new NotSupportedException();

        public void Allocate(long offset, long bytes) => Grow(offset + bytes);

        public void Sync()
        {
            disk.Gate.Wait(TimeSpan.FromSeconds(30));
            disk.Syncs++;
            if (disk.FailSync is { } fault)
                throw fault;
            content.Synced = [.. content.Now];
        }

        public void Dispose()
        {
        }

        private void Grow(long length)
        {
            var more = length - content.Now.Length;
            if (more <= 0)
                return;
            if (more > disk.Free)
                throw new DiskFullException("the disk in memory is full");
            disk.Free -= more;
            var grown = content.Now;
            Array.Resize(ref grown, (int)length);
            content.Now = grown;
        }
    }
}
