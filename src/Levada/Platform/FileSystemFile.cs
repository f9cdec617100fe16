using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Levada.Platform;

/// <summary>An open file of the operating system. Any thread; reads and writes name their offset.</summary>
internal sealed class FileSystemFile(SafeFileHandle handle, string path) : IDiskFile
{
    private const int NotSupported = 95;

    public long Length => RandomAccess.GetLength(handle);

    public int Read(long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = RandomAccess.Read(handle, buffer[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException e) when (Native.IsDiskFull(e))
        {
            throw new DiskFullException($"{path}: no space left", e);
        }
    }

    public void SetLength(long bytes) => FileSystemDisk.Guard(path, () =>
    {
        RandomAccess.SetLength(handle, bytes);
        return bytes;
    });

    public void Allocate(long offset, long bytes)
    {
        if (!OperatingSystem.IsLinux())
        {
            WriteZeroes(offset, bytes);
            return;
        }

        if (Native.FAllocate(handle, mode: 0, offset, bytes) == 0)
            return;
        if (Marshal.GetLastPInvokeError() != NotSupported)
            throw Native.Error(path, "fallocate");
        WriteZeroes(offset, bytes);
    }

    public void Sync()
    {
        if (OperatingSystem.IsLinux())
        {
            if (Native.FDataSync(handle) != 0)
                throw Native.Error(path, "fdatasync");
        }
        else
        {
            RandomAccess.FlushToDisk(handle);
        }
    }

    public void Dispose() => handle.Dispose();

    /// <summary>For file systems that cannot reserve: only what lies beyond the end, so that nothing is lost.</summary>
    private void WriteZeroes(long offset, long bytes)
    {
        byte[] zeroes = new byte[1 << 16];
        for (long at = Math.Max(offset, Length); at < offset + bytes; at += zeroes.Length)
            Write(at, zeroes.AsSpan(0, (int)Math.Min(zeroes.Length, offset + bytes - at)));
    }
}
