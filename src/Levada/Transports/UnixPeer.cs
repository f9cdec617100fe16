using System.Net;
using System.Net.Sockets;

namespace Levada.Transports;

/// <summary>
/// A client on a Unix domain socket. It has no address there, so it goes by its process and a number, which keeps the
/// names of connections apart.
/// </summary>
internal sealed class UnixPeer : EndPoint
{
    // From Linux' <sys/socket.h>; the answer is a struct ucred, whose first field is the process id.
    private const int SolSocket = 1;
    private const int SoPeerCred = 17;
    private const int UcredSize = 12;

    private static long _last;

    private readonly string _name;

    /// <exception cref="SocketException">The client is gone.</exception>
    public UnixPeer(Socket socket)
    {
        Span<byte> credentials = stackalloc byte[UcredSize];
        socket.GetRawSocketOption(SolSocket, SoPeerCred, credentials);
        var process = BitConverter.ToInt32(credentials);
        _name = $"unix:{process}:{Interlocked.Increment(ref _last)}";
    }

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override string ToString() => _name;
}
