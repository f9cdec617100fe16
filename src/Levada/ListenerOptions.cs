using System.Net;

namespace Levada;

/// <summary>
/// An address and a port (0 to 65535; 0 takes a free one) to listen on. <see cref="IPAddress.IPv6Any"/> means
/// every address of both families, as far as the machine has them.
/// </summary>
public sealed record ListenerOptions(IPAddress Address, int Port)
{
    public override string ToString() => new IPEndPoint(Address, Port).ToString();
}
