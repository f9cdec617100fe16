using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Levada.Platform;

/// <summary>Opens sockets that listen. <c>[::]</c> is every address of both families.</summary>
public static class ListenSocket
{
    /// <summary>Bytes that the path of a Unix domain socket may have (sockaddr_un).</summary>
    public const int PathMax = 107;

    /// <exception cref="IOException">The port is taken or forbidden, or the address is not this machine's.</exception>
    public static Socket Open(IPAddress address, int port, int backlog)
    {
        var both = address.Equals(IPAddress.IPv6Any);
        // A machine without IPv6 has only one family to listen on.
        if (both && !Socket.OSSupportsIPv6)
            (address, both) = (IPAddress.Any, false);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (both)
                socket.DualMode = true;
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new IOException($"cannot listen on {new IPEndPoint(address, port)}: {e.Message}", e);
        }
    }

    /// <summary>A Unix domain socket. Its file goes with it; one that a dead process left is replaced.</summary>
    /// <param name="path">The file, of 107 bytes at most.</param>
    /// <param name="mode">Who may connect: those who may write to the file.</param>
    /// <param name="backlog">Connections that the kernel may hold before they are accepted.</param>
    /// <exception cref="IOException">Somebody listens there, or the file cannot be made.</exception>
    public static Socket Open(string path, UnixFileMode mode, int backlog)
    {
        var bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > PathMax)
        {
            throw new IOException(
                $"cannot listen on {path}: its {bytes} bytes are too many, a Unix domain socket takes {PathMax}");
        }
        UnixSocketFile.RemoveStale(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(path));
            // Nobody can connect before it listens, so nobody slips in under the first mode.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, mode);
            socket.Listen(backlog);
            return socket;
        }
        catch (Exception e) when (e is SocketException or ArgumentException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new IOException($"cannot listen on {path}: {e.Message}", e);
        }
    }
}
