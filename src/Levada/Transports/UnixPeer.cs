using System.Net;
using System.Net.Sockets;
using Levada.Platform;

namespace Levada.Transports;

/// <summary>
/// A client on a Unix domain socket. It has no address there, so it goes by its process and a number, which keeps the
/// names of connections apart.
/// </summary>
internal sealed class UnixPeer : EndPoint
{
    private static long _last;

    private readonly string _name;

    /// <exception cref="SocketException">The client is gone.</exception>
    public UnixPeer(Socket socket) =>
        _name = $"unix:{UnixCredentials.Of(socket).Process}:{Interlocked.Increment(ref _last)}";

    public override AddressFamily AddressFamily => AddressFamily.Unix;

    public override string ToString() => _name;
}
