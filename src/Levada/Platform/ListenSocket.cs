using System.Net;
using System.Net.Sockets;

namespace Levada.Platform;

/// <summary>Opens sockets that listen. <c>[::]</c> is every address of both families.</summary>
public static class ListenSocket
{
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
}
