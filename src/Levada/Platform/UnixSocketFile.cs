using System.Net.Sockets;

namespace Levada.Platform;

/// <summary>
/// The file that a Unix domain socket leaves behind when its process dies: in the way of the next one.
/// </summary>
internal static class UnixSocketFile
{
    /// <summary>Removes a socket's file if nobody listens on it; does nothing if there is none.</summary>
    /// <exception cref="IOException">Somebody listens there, or it is no socket: it is left alone.</exception>
    public static void RemoveStale(string path)
    {
        if (!Path.Exists(path))
            return;
        if (!LinuxStatus.IsSocket(path))
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
}
