using Levada.Platform;

namespace Levada.Tests.Simulation;

/// <summary>Files in memory, each kept from the moment it is written: a disk that never fails.</summary>
internal sealed class MemoryDisk : IDisk
{
    private readonly Dictionary<string, Content> _files = new(StringComparer.Ordinal);

    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        if (mode == DiskOpenMode.Unlinked)
            return new MemoryFile(new Content());
        if (!_files.TryGetValue(path, out var content))
        {
            if (mode == DiskOpenMode.Existing)
                throw new FileNotFoundException("no such file", path);
            _files.Add(path, content = new Content());
        }
        if (mode == DiskOpenMode.Create)
            content.Length = 0;
        return new MemoryFile(content);
    }

    public bool Exists(string path) => _files.ContainsKey(path);

    public IReadOnlyList<string> List(string folder) =>
        [.. _files.Keys.Where(p => Path.GetDirectoryName(p) == folder).Select(p => Path.GetFileName(p))];

    public void CreateFolder(string path)
    {
    }

    public void Delete(string path) => _files.Remove(path);

    public void Rename(string from, string to)
    {
        if (!_files.Remove(from, out var content))
            throw new FileNotFoundException("no such file", from);
        _files[to] = content;
    }

    public void SyncFolder(string path)
    {
    }

    public long FreeBytes(string folder) => 1L << 40;

    private sealed class Content
    {
        public byte[] Bytes { get; set; } = [];

        public int Length { get; set; }
    }

    private sealed class MemoryFile(Content content) : IDiskFile
    {
        public long Length => content.Length;

        public int Read(long offset, Span<byte> buffer)
        {
            var count = (int)Math.Clamp(content.Length - offset, 0, buffer.Length);
            content.Bytes.AsSpan((int)Math.Min(offset, content.Length), count).CopyTo(buffer);
            return count;
        }

        public void Write(long offset, ReadOnlySpan<byte> bytes)
        {
            if (offset + bytes.Length > content.Length)
                SetLength(offset + bytes.Length);
            bytes.CopyTo(content.Bytes.AsSpan((int)offset));
        }

        public void SetLength(long bytes)
        {
            if (bytes > content.Bytes.Length)
            {
                var larger = new byte[Math.Max(bytes, content.Bytes.Length * 2L)];
                content.Bytes.AsSpan(0, content.Length).CopyTo(larger);
                content.Bytes = larger;
            }
            if (bytes < content.Length)
                content.Bytes.AsSpan((int)bytes, content.Length - (int)bytes).Clear();
            content.Length = (int)bytes;
        }

        public void Allocate(long offset, long bytes)
        {
            if (offset + bytes > content.Length)
                SetLength(offset + bytes);
        }

        public void Sync()
        {
        }

        public void Dispose()
        {
        }
    }
}
