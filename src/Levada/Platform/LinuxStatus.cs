using System.Runtime.InteropServices;

namespace Levada.Platform;

/// <summary>What Linux knows of a file and .NET does not tell.</summary>
internal static partial class LinuxStatus
{
    // From Linux' headers: struct statx is the same on every processor; stx_mode is at byte 28, stx_size at 40.
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxType = 1;
    private const uint StatxSize = 0x200;
    private const int StructSize = 256;
    private const int ModeOffset = 28;
    private const int SizeOffset = 40;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;

    public static bool IsSocket(string path) =>
        Take(path, StatxType) is { } status && (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) == TypeSocket;

    /// <summary>Bytes of a file; 0 if there is none. Of a folder whatever its file system says.</summary>
    public static long Size(string path) => Take(path, StatxSize) is { } status
        ? BitConverter.ToInt64(status, SizeOffset) : 0;

    private static byte[]? Take(string path, uint mask)
    {
        var status = new byte[StructSize];
        return Statx(AtFdCwd, path, AtSymlinkNoFollow, mask, status) == 0 ? status : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
