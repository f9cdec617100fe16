using Levada.Platform;
using Microsoft.Win32.SafeHandles;

namespace Levada.Offline;

/// <summary>
/// A file that is read where it lies, and whose changed pages are kept in memory. It stays open until the disk is done
/// with, however often it is opened and disposed of. Any thread.
/// </summary>
internal sealed class UnchangedFile : IDiskFile
{
    private const int PageBytes = 64 << 10;

    private readonly Lock _lock = new();
    private readonly SafeFileHandle? _real;
    private readonly Action<long> _countRead;

    // Under the lock.
    private readonly Dictionary<long, byte[]> _pages = [];
    private long _realLength;
    private long _length;

    /// <param name="path">Where it is; null for one that is only here.</param>
    /// <param name="countRead">Told how many bytes were read of the real one.</param>
    public UnchangedFile(string? path, Action<long> countRead)
    {
        _countRead = countRead;
        if (path is null)
            return;
        _real = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _length = _realLength = RandomAccess.GetLength(_real);
    }

    public long Length
    {
        get
        {
            lock (_lock)
                return _length;
        }
    }

    public int Read(long offset, Span<byte> buffer)
    {
        lock (_lock)
        {
            var bytes = (int)Math.Clamp(_length - offset, 0, buffer.Length);
            for (var at = 0; at < bytes;)
            {
                var inPage = (int)((offset + at) % PageBytes);
                // A stretch without changes is read in one go.
                var piece = Math.Min(bytes - at, PageBytes - inPage);
                if (_pages.TryGetValue((offset + at) / PageBytes, out var page))
                {
                    page.AsSpan(inPage, piece).CopyTo(buffer[at..]);
                }
                else
                {
                    while (at + piece < bytes && !_pages.ContainsKey((offset + at + piece) / PageBytes))
                        piece = Math.Min(bytes - at, piece + PageBytes);
                    ReadReal(offset + at, buffer.Slice(at, piece));
                }
                at += piece;
            }
            return bytes;
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            for (var at = 0; at < bytes.Length;)
            {
                var inPage = (int)((offset + at) % PageBytes);
                var piece = Math.Min(bytes.Length - at, PageBytes - inPage);
                bytes.Slice(at, piece).CopyTo(PageOf((offset + at) / PageBytes).AsSpan(inPage));
                at += piece;
            }
            _length = Math.Max(_length, offset + bytes.Length);
        }
    }

    public void SetLength(long bytes)
    {
        lock (_lock)
        {
            if (bytes < _length && bytes % PageBytes != 0)
                PageOf(bytes / PageBytes).AsSpan((int)(bytes % PageBytes)).Clear();
            foreach (var page in _pages.Keys.Where(page => page * PageBytes >= bytes).ToList())
                _pages.Remove(page);
            _length = bytes;
            _realLength = Math.Min(_realLength, bytes);
        }
    }

    public void Allocate(long offset, long bytes)
    {
        lock (_lock)
            _length = Math.Max(_length, offset + bytes);
    }

    public void Sync()
    {
        // It is as safe as it will ever be.
    }

    public void Dispose()
    {
        // Others may have it open.
    }

    public void Close() => _real?.Dispose();

    private byte[] PageOf(long number)
    {
        if (_pages.TryGetValue(number, out var page))
            return page;
        page = new byte[PageBytes];
        ReadReal(number * PageBytes, page);
        return _pages[number] = page;
    }

    private void ReadReal(long offset, Span<byte> buffer)
    {
        buffer.Clear();
        buffer = buffer[..(int)Math.Clamp(_realLength - offset, 0, buffer.Length)];
        for (var done = 0; _real is not null && done < buffer.Length;)
        {
            var read = RandomAccess.Read(_real, buffer[done..], offset + done);
            if (read == 0)
                break;
            done += read;
        }
        _countRead(buffer.Length);
    }
}
