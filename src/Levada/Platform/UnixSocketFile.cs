using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Levada.Platform;

/// <summary>
/// The file that a Unix domain socket leaves behind when its process dies: in the way of the next one.
/// </summary>
internal static partial class UnixSocketFile
{
    // From Linux' headers: struct statx is the same on every processor; stx_mode is at byte 28.
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxType = 1;
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;

    /// <summary>Removes a socket's file if nobody listens on it; does nothing if there is none.</summary>
    /// <exception cref="IOException">Somebody listens there, or it is no socket: it is left alone.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        if (!IsSocket(path))
            throw new IOException($"cannot listen on {path}: there is a file that is no socket; it is left alone");
        using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException e)
        {
            throw new IOException($"cannot listen on {path}: it cannot be seen whether anybody does: {e.Message}", e);
        }
        throw new IOException($"cannot listen on {path}: another process listens there");
    }

    private static bool IsSocket(string path)
    {
        var status = new byte[StatxSize];
        return Statx(AtFdCwd, path, AtSymlinkNoFollow, StatxType, status) == 0
            && (BitConverter.ToUInt16(status, ModeOffset) & TypeMask) == TypeSocket;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] status);
}
