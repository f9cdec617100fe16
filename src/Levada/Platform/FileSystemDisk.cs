using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Levada.Platform;

/// <summary>The operating system's files. Any thread.</summary>
public sealed class FileSystemDisk : IDisk
{
    public IDiskFile Open(string path, DiskOpenMode mode)
    {
        SafeFileHandle handle = Guard(path, () => File.OpenHandle(
            path,
            mode switch
            {
                DiskOpenMode.Existing => FileMode.Open,
                DiskOpenMode.OpenOrCreate => FileMode.OpenOrCreate,
                _ => FileMode.Create,
            },
            FileAccess.ReadWrite,
            FileShare.ReadWrite | FileShare.Delete));
        if (mode == DiskOpenMode.Unlinked)
            File.Delete(path);
        return new FileSystemFile(handle, path);
    }

    public bool Exists(string path) => File.Exists(path);

    public IReadOnlyList<string> List(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path))]
        : [];

    public void CreateFolder(string path) => Guard(path, () => Directory.CreateDirectory(path));

    public void Delete(string path) => File.Delete(path);

    public void Rename(string from, string to) => Guard(to, () =>
    {
        File.Move(from, to, overwrite: true);
        return to;
    });

    public void SyncFolder(string path)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        int descriptor = Native.Open(path, flags: 0);
        if (descriptor < 0)
            throw Native.Error(path, "open");
        try
        {
            if (Native.FSync(descriptor) != 0)
                throw Native.Error(path, "fsync");
        }
        finally
        {
            _ = Native.Close(descriptor);
        }
    }

    public long FreeBytes(string folder) => new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;

    /// <summary>Gives a full disk its own exception.</summary>
    internal static T Guard<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (IOException e) when (Native.IsDiskFull(e))
        {
            throw new DiskFullException($"{path}: no space left", e);
        }
    }
}

/// <summary>The calls that .NET has no member for.</summary>
internal static partial class Native
{
    private const int NoSpace = 28, QuotaUsedUp = 122, QuotaUsedUpMac = 69;

    public static bool IsDiskFull(IOException e) => e.HResult is NoSpace or QuotaUsedUp or unchecked((int)0x80070070)
        || (OperatingSystem.IsMacOS() && e.HResult == QuotaUsedUpMac);

    public static IOException Error(string path, string call)
    {
        int error = Marshal.GetLastPInvokeError();
        string text = $"{path}: {call}: {Marshal.GetPInvokeErrorMessage(error)}";
        return error is NoSpace or QuotaUsedUp ? new DiskFullException(text) : new IOException(text, error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    public static partial int FDataSync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    public static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);
}
